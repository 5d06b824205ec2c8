using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentCluster.Client.Delegations;

/// <summary>Something that one agent asked of another.</summary>
public sealed record DelegationInfo
{
    /// <summary>Minted by the cluster.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked.</summary>
    public required string From { get; init; }

    /// <summary>Who was asked.</summary>
    public required string To { get; init; }

    /// <summary><c>requested, accepted, in_progress, completed, failed, declined, cancelled, timed_out</c>; the last five are for ever.</summary>
    public required string Status { get; init; }

    /// <summary>How the agent was chosen, where a role was asked for; else null.</summary>
    public string? Choice { get; init; }

    /// <summary>What was asked; null in lists.</summary>
    public string? Text { get; init; }

    /// <summary>What came of it; null until then, and in lists.</summary>
    public string? Result { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>All other fields, under their names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>A page of delegations.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Total">On all pages.</param>
public sealed record DelegationPage(IReadOnlyList<DelegationInfo> Items, long Total);

/// <summary>What became of a request to another agent.</summary>
/// <param name="Id">The delegation's; null when there is none, for the agent is offline and nothing was queued.</param>
/// <param name="Status"><c>requested</c> or <c>offline</c>.</param>
/// <param name="To">Who was asked.</param>
/// <param name="Queued">Whether it waits for an agent that is offline.</param>
/// <param name="Text">What to tell people; begins with <c>[OFFLINE]</c> when the agent is; null when there is nothing to tell.</param>
public sealed record DelegationReceipt(string? Id, string Status, string To, bool Queued, string? Text = null);

/// <summary>Something to ask of an agent, or of whoever of a role has least to do.</summary>
/// <param name="From">Who asks.</param>
/// <param name="Text">What is asked.</param>
public sealed record DelegationDraft(string From, string Text)
{
    /// <summary>Who is asked; null where a role is.</summary>
    public string? To { get; init; }

    /// <summary>Of which role somebody is asked; null where an agent is.</summary>
    public string? Role { get; init; }

    /// <summary>In a line, what it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>The caller's own object.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>After how many seconds it has timed out, up to 30 days; a day when left out.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Whether it waits for an agent that is offline.</summary>
    public bool? QueueIfOffline { get; init; }

    /// <summary>The task that it is about.</summary>
    public string? TaskId { get; init; }

    /// <summary>The delegation that it is a part of.</summary>
    public string? ParentId { get; init; }
}

/// <summary>What is sent along to say how a delegation stands.</summary>
internal sealed record ReportBody(string Status, string? Note, int? Progress, string? Result, JsonObject? Data);
