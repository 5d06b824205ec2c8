using System.Text.Json.Serialization;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Domain.Delegations;

/// <summary>What is delegated to whom, without what is said.</summary>
/// <param name="To">Who should do it.</param>
/// <param name="TimeoutSeconds">After how long it has timed out.</param>
public sealed record DelegationSpec(AgentId To, int TimeoutSeconds)
{
    /// <summary>The role that was asked for; null when an agent was.</summary>
    public string? Role { get; init; }

    /// <summary>Why this holder of the role, in a sentence.</summary>
    public string? Choice { get; init; }

    /// <summary>The task that it is for.</summary>
    public TaskId? Task { get; init; }

    /// <summary>The delegation to its delegator that this one is part of.</summary>
    public DelegationId? Parent { get; init; }

    /// <summary>Who delegated to whom: from the delegator of the first one to who should do this one.</summary>
    public ValueList<string> Chain { get; init; }
}

/// <summary>A delegation as its delegator's actor keeps it while it is open. Immutable, so that a decision can show it as it will be.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">Who delegates.</param>
/// <param name="Spec">What to whom.</param>
public sealed record Delegation(DelegationId Id, AgentId From, DelegationSpec Spec)
{
    /// <summary>Of its request.</summary>
    public string? Subject { get; init; }

    /// <summary>Where it stands.</summary>
    public DelegationStatus Status { get; init; }

    /// <summary>Percent; null before anybody said so.</summary>
    public int? Progress { get; init; }

    /// <summary>The last word on how it stands.</summary>
    public string? Note { get; init; }

    /// <summary>Whether there is a result, which is kept apart.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasResult { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    internal static Delegation Of(AgentId from, DelegationRequested e) => new(e.Delegation, from, e.Spec)
    {
        Subject = e.Content.Subject,
        CreatedAt = e.At,
        UpdatedAt = e.At,
    };

    internal Delegation After(DelegationMoved e) => this with
    {
        Status = e.Status,
        Progress = e.Progress ?? Progress,
        Note = e.Content?.Note ?? Note,
        HasResult = HasResult || e.HasResult,
        UpdatedAt = e.At,
    };
}
