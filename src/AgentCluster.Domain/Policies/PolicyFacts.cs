using System.Text.Json.Serialization;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Domain.Policies;

/// <summary>What somebody is about to do, and what is known of the cluster as it does: looked up by whoever asks.</summary>
public sealed record PolicyFacts
{
    /// <summary>Who is to work on it; distinct.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<AgentId> Agents { get; init; }

    /// <summary>How many other agents hold a claim.</summary>
    public int OthersWorking { get; init; }

    /// <summary>What must be known to do it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Required { get; init; }

    /// <summary>What its agents can do together; of nobody in particular, what any registered agent can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Capabilities { get; init; }

    /// <summary>What each of its agents is to be given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Amount> Amounts { get; init; }

    /// <summary>What its agents have already; a line for each agent and resource.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Holding> Held { get; init; }

    /// <summary>What there is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Pool> Pools { get; init; }

    /// <summary>What it depends on, and how that stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Prerequisite> DependsOn { get; init; }

    /// <summary>The project that its task is of; null when none was named.</summary>
    public string? Project { get; init; }

    /// <summary>How many tasks of that project are held.</summary>
    public int TasksHeld { get; init; }
}

/// <summary>How much of a resource an agent has.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Amount">Over all its allocations.</param>
public readonly record struct Holding(AgentId Agent, Amount Amount);

/// <summary>A task that something depends on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">How it stands; null when there is none of that id.</param>
public sealed record Prerequisite(TaskId Task, string? Status = null);
