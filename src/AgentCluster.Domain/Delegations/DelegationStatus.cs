using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Delegations;

/// <summary>Where a delegation stands. It only goes forward, and ends once.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DelegationStatus>))]
public enum DelegationStatus
{
    /// <summary>It lies in the mailbox of whoever should do it.</summary>
    [JsonStringEnumMemberName("requested")]
    Requested,

    /// <summary>It will be done.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It is being done.</summary>
    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    /// <summary>It is done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It could not be done.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It is not going to be done.</summary>
    [JsonStringEnumMemberName("declined")]
    Declined,

    /// <summary>Nobody said how it ended within its time.</summary>
    [JsonStringEnumMemberName("timed_out")]
    TimedOut,

    /// <summary>Its delegator called it off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>The words for <see cref="DelegationStatus"/>.</summary>
public static class DelegationStatuses
{
    private static readonly ImmutableArray<string> Words =
        ["requested", "accepted", "in_progress", "completed", "failed", "declined", "timed_out", "cancelled"];

    /// <summary>As in JSON and in rows: <c>in_progress</c>.</summary>
    /// <param name="status">Any.</param>
    public static string Word(this DelegationStatus status) => Words[(int)status];

    /// <summary>Whether it can still change.</summary>
    /// <param name="status">Any.</param>
    public static bool IsOpen(this DelegationStatus status) => status < DelegationStatus.Completed;

    /// <summary>Reads a word.</summary>
    /// <param name="word">As <see cref="Word"/> writes it.</param>
    internal static DelegationStatus Parse(string word) => (DelegationStatus)Words.IndexOf(word);
}
