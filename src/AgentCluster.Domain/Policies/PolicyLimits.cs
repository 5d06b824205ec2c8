using System.Text.Json.Serialization;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Domain.Policies;

/// <summary>How far agents may go together. What is left out has no limit.</summary>
public sealed record PolicyLimits
{
    /// <summary>Projects with a limit at most.</summary>
    public const int MostProjects = 200;

    /// <summary>The largest number of agents or tasks.</summary>
    public const int MostCount = 1_000_000;

    /// <summary>How many agents may hold claims at a time, over all projects.</summary>
    public int? MaxConcurrentAgents { get; init; }

    /// <summary>How much of a resource one agent may have at a time; by resource.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Amount> ResourceLimit { get; init; }

    /// <summary>How many tasks of a project may be held at a time; by project.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<WorkLimit> Wip { get; init; }

    internal int? WipOf(string project)
    {
        foreach (var limit in Wip)
        {
            if (limit.Project == project)
            {
                return limit.Most;
            }
        }

        return null;
    }
}

/// <summary>How many tasks of one project may be held at a time.</summary>
/// <param name="Project">The project.</param>
/// <param name="Most">At least 0: then nothing of it is handed out.</param>
public sealed record WorkLimit(string Project, int Most);
