using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>What an agent has of some resources for a while: all of it was given at once.</summary>
/// <param name="Id">Its id: an agent may have several.</param>
/// <param name="Agent">Who.</param>
/// <param name="Amounts">By resource; at least one, each greater than zero.</param>
/// <param name="TtlSeconds">How long it lasts from when it was given or renewed.</param>
public sealed record Allocation(AllocationId Id, AgentId Agent, ValueList<Amount> Amounts, int TtlSeconds)
{
    /// <summary>Allocations at most.</summary>
    public const int Most = 10_000;

    /// <summary>Allocations of one agent at most.</summary>
    public const int MostOfAgent = 1_000;

    /// <summary>Longest time, in seconds: a day.</summary>
    public const int MostSeconds = 24 * 60 * 60;

    /// <summary>The task that it is for; null for none.</summary>
    public TaskId? Task { get; init; }

    /// <summary>That task's project.</summary>
    public string? Project { get; init; }

    /// <summary>The claim that it ends with; null where its agent did not hold the task.</summary>
    public FencingToken? Token { get; init; }

    /// <summary>Counts allocations: the smaller was given first.</summary>
    public long Place { get; init; }

    /// <summary>How often it was given or renewed.</summary>
    public int Renewal { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset AllocatedAt { get; init; }

    /// <summary>UTC of the last renewal: it ends <see cref="TtlSeconds"/> later, or a little after.</summary>
    public DateTimeOffset RenewedAt { get; init; }

    /// <summary>Why it is over; null while it is not.</summary>
    public AllocationEnd? End { get; init; }

    /// <summary>UTC; null while it is not over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>UTC, for display.</summary>
    [JsonIgnore]
    public DateTimeOffset ExpiresAt => RenewedAt.AddSeconds(TtlSeconds);

    /// <summary>Whether it lasts no longer than its agent is there: nothing else says that it is worked with.</summary>
    internal bool IsLoose => Token is null;

    internal bool Has(string resource) => Of(resource) > 0;

    internal decimal Of(string resource) => Amounts.Of(resource) ?? 0;
}

/// <summary>Why an allocation is over.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AllocationEnd>))]
public enum AllocationEnd
{
    /// <summary>Its agent said so.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>Its time was over.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Its agent went offline.</summary>
    [JsonStringEnumMemberName("agent_offline")]
    AgentOffline,

    /// <summary>The claim that it was given to is over, or the task that it was given for.</summary>
    [JsonStringEnumMemberName("task_ended")]
    TaskEnded,

    /// <summary>Its agent had nothing to do, and another one asked.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,
}

/// <summary>The words for what an allocation is.</summary>
public static class AllocationWords
{
    private static readonly ImmutableArray<string> Ends = ["released", "expired", "agent_offline", "task_ended", "idle"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="end">Any.</param>
    public static string Word(this AllocationEnd end) => Ends[(int)end];
}
