using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Epics;

/// <summary>Where an epic stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EpicStatus>))]
public enum EpicStatus
{
    /// <summary>No task of it was claimed yet.</summary>
    [JsonStringEnumMemberName("planning")]
    Planning,

    /// <summary>Work is under way.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>All of its tasks have ended, none failed.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>All of its tasks have ended, one failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Called off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Gone from lists.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,
}

/// <summary>The words for <see cref="EpicStatus"/>.</summary>
public static class EpicStatuses
{
    private static readonly ImmutableArray<string> Words = ["planning", "active", "completed", "failed", "cancelled", "deleted"];

    /// <summary>As in JSON and in rows.</summary>
    /// <param name="status">Any.</param>
    public static string Word(this EpicStatus status) => Words[(int)status];

    /// <summary>Reads what <see cref="Word"/> wrote.</summary>
    /// <param name="word">As stored.</param>
    /// <exception cref="FormatException">This version does not know it.</exception>
    public static EpicStatus Parse(string word) => Words.IndexOf(word) is >= 0 and var index
        ? (EpicStatus)index
        : throw new FormatException($"Expected an epic's status, found '{word}'.");

    /// <summary>Whether work may still come.</summary>
    /// <param name="status">Any.</param>
    public static bool IsOpen(this EpicStatus status) => status <= EpicStatus.Active;
}
