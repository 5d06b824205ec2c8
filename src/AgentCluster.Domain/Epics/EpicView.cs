using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Epics;

/// <summary>An epic as it is shown.</summary>
public sealed record EpicView
{
    /// <summary>Its id.</summary>
    public required EpicId Id { get; init; }

    /// <summary>The project whose registry is its home.</summary>
    public required string Project { get; init; }

    /// <summary>What people wrote.</summary>
    public required EpicSpec Spec { get; init; }

    /// <summary>Where it stands.</summary>
    public required EpicStatus Status { get; init; }

    /// <summary>Its tasks.</summary>
    public required EpicCounts Counts { get; init; }

    /// <summary>What its tasks have cost so far.</summary>
    public required Cost Cost { get; init; }

    /// <summary>Whether its budget is spent: then nobody is granted a claim under it.</summary>
    public required bool BudgetExhausted { get; init; }

    /// <summary>Why it was cancelled; null when it was not, or nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>Grows with each change of the epic itself; what its tasks do, and cost, does not count.</summary>
    public required long Version { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC; of the last change that the version counts.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>UTC; the first claim of one of its tasks. Null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>UTC; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
