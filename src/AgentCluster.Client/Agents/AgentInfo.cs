using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentCluster.Client.Agents;

/// <summary>An agent as the cluster shows it.</summary>
public sealed record AgentInfo
{
    /// <summary>As it registered.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>For what it may be chosen.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What it can do.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary><c>idle, busy</c> or <c>offline</c>.</summary>
    public required string Presence { get; init; }

    /// <summary>Whether it was heard of lately.</summary>
    public required bool Online { get; init; }

    /// <summary>Claims that it may hold at once.</summary>
    public int MaxConcurrent { get; init; }

    /// <summary>Its secret, only when it was just created or asked to be rotated: keep it.</summary>
    public string? Handle { get; init; }

    /// <summary>All other fields, under their names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>What an agent says of itself. What is left out is at its default.</summary>
public sealed record AgentDraft
{
    /// <summary>For people; its id when left out.</summary>
    public string? Name { get; init; }

    /// <summary>For what it may be chosen.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>What it can do.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The caller's own word for what sort of agent it is.</summary>
    public string? Kind { get; init; }

    /// <summary>Claims that it may hold at once, 1 to 1,000.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Promises a sign of life within so many seconds, up to a day; null for no promise.</summary>
    public int? HeartbeatTtlSeconds { get; init; }

    /// <summary>The caller's own object.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Whether the handle so far becomes invalid and a new one is shown.</summary>
    public bool? Rotate { get; init; }
}

/// <summary>What a sign of life brings.</summary>
/// <param name="Presence"><c>idle</c> or <c>busy</c>.</param>
/// <param name="Unread">Messages that wait.</param>
/// <param name="Leases">The claims that it holds.</param>
public sealed record Heartbeat(string Presence, int Unread, IReadOnlyList<Lease> Leases);

/// <summary>A claim that an agent holds.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Token">The claim's.</param>
/// <param name="LeaseExpiresAt">UTC.</param>
/// <param name="CancelRequested">Whether the work is no longer wanted: stop.</param>
public sealed record Lease(string TaskId, long Token, DateTimeOffset LeaseExpiresAt, bool CancelRequested);

/// <summary>A page of agents.</summary>
/// <param name="Items">In order.</param>
/// <param name="Total">On all pages.</param>
public sealed record AgentPage(IReadOnlyList<AgentInfo> Items, long Total);

/// <summary>Nothing to say.</summary>
internal sealed record NothingBody;
