using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>Where a task stands. (Not called TaskStatus: every file that awaits something sees another one.)</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkStatus>))]
public enum WorkStatus
{
    /// <summary>Nobody works on it. Ready when nothing that it depends on gates it.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Pending, and something that it depends on is open, failed or cancelled. Derived: shown and searched, never set.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,

    /// <summary>Claimed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Parked until a human answers; a claim is kept.</summary>
    [JsonStringEnumMemberName("input_required")]
    InputRequired,

    /// <summary>Done. Its dependants may go on.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Given up after its attempts. Its dependants never go on.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Called off. Its dependants never go on.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Gone from lists. Its dependants may go on.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,
}

/// <summary>The words for <see cref="WorkStatus"/>.</summary>
public static class WorkStatuses
{
    private static readonly ImmutableArray<string> Words =
        ["pending", "blocked", "running", "input_required", "completed", "failed", "cancelled", "deleted"];

    private static readonly ImmutableArray<string> Displays =
        ["AVAILABLE", "BLOCKED", "IN_PROGRESS", "INPUT_REQUIRED", "COMPLETED", "FAILED", "CANCELLED", "DELETED"];

    /// <summary>As in JSON and in rows: <c>input_required</c>.</summary>
    /// <param name="status">Any.</param>
    public static string Word(this WorkStatus status) => Words[(int)status];

    /// <summary>The <c>display_status</c>: <c>AVAILABLE</c>, <c>IN_PROGRESS</c>, <c>COMPLETED</c>, or the word in capitals.</summary>
    /// <param name="status">Any.</param>
    public static string Display(this WorkStatus status) => Displays[(int)status];

    /// <summary>Whether the task can still change hands: pending, blocked, running or parked.</summary>
    /// <param name="status">Any.</param>
    public static bool IsOpen(this WorkStatus status) => status <= WorkStatus.InputRequired;

    /// <summary>Reads a status from a request: either form of the word.</summary>
    /// <param name="text">For example <c>pending</c> or <c>AVAILABLE</c>.</param>
    /// <param name="status">The status.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out WorkStatus status)
    {
        var index = Words.IndexOf(text);
        index = index >= 0 ? index : Displays.IndexOf(text);
        status = (WorkStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
