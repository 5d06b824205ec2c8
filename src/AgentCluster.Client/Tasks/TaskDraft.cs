using System.Text.Json.Nodes;

namespace AgentCluster.Client.Tasks;

/// <summary>A task to create. What is left out is at its default.</summary>
/// <param name="Title">What is to be done, in a line of at most 500 characters.</param>
public sealed record TaskDraft(string Title)
{
    /// <summary>The project; <c>default</c> when left out.</summary>
    public string? Project { get; init; }

    /// <summary>A name for it within one batch, for <c>ref:NAME</c> in <see cref="DependsOn"/>.</summary>
    public string? Ref { get; init; }

    /// <summary>The epic that it belongs to.</summary>
    public string? EpicId { get; init; }

    /// <summary>What is to be done.</summary>
    public string? Description { get; init; }

    /// <summary>The caller's own word for what sort of task it is.</summary>
    public string? Type { get; init; }

    /// <summary>The caller's own words.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary><c>P0</c>, the most urgent, to <c>P4</c>; <c>P2</c> when left out.</summary>
    public string? Priority { get; init; }

    /// <summary>What a completion must answer for, one by one.</summary>
    public IReadOnlyList<string>? AcceptanceCriteria { get; init; }

    /// <summary>What whoever claims it must be able to do.</summary>
    public IReadOnlyList<string>? RequiredCapabilities { get; init; }

    /// <summary>Ids of what must be completed first, or <c>ref:NAME</c> of the same batch.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Files that it is about.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The caller's own object.</summary>
    public JsonObject? Requirements { get; init; }

    /// <summary>The caller's own object.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Whether only who asks for it by its id gets it.</summary>
    public bool? ManualAssignment { get; init; }

    /// <summary>The agent that must accept the result.</summary>
    public string? Reviewer { get; init; }

    /// <summary>Agents that get notices of it, such as how it ends.</summary>
    public IReadOnlyList<string>? Watchers { get; init; }

    /// <summary>What evidence a completion must carry.</summary>
    public IReadOnlyList<string>? RequiredEvidence { get; init; }

    /// <summary>Attempts until a human is told, 1 to 100; 3 when left out.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
