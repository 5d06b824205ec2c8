using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Worktrees;

/// <summary>What a merge of two worktrees would come to, or of one with its base, with all work that is not committed.</summary>
/// <param name="A">A worktree's name; of two the one that is smaller by code point.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="B">The other's; null stands for A's own base.</param>
public sealed record PairForecast(string A, Verdict Verdict, string? B = null)
{
    /// <summary>Files at most that a forecast names.</summary>
    public const int MostFiles = 200;

    /// <summary>The files that conflict, by path; none unless the verdict is a conflict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<ConflictedFile> Files { get; init; }

    /// <summary>Why nobody knows, or what git said; at most 4,000 characters.</summary>
    public string? Detail { get; init; }

    /// <summary>What it was computed from, for whoever computes it: at most 500 characters, and means nothing here.</summary>
    public string? Basis { get; init; }

    /// <summary>UTC; when it became like this.</summary>
    public DateTimeOffset At { get; init; }

    internal static (string A, string? B) InOrder(string a, string? b) =>
        b is not null && string.CompareOrdinal(a, b) > 0 ? (b, a) : (a, b);
}

/// <summary>A file on which a merge fails.</summary>
/// <param name="Path">In the repository's one form.</param>
/// <param name="Kind">How, in git's words: <c>content</c>, <c>modify/delete</c>, <c>rename/rename</c>, <c>binary</c>, …; at most 64 characters.</param>
public sealed record ConflictedFile(string Path, string Kind);

/// <summary>What a merge would come to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Nobody knows: it could not be tried. Never shown as clean.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It merges by itself.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>It does not.</summary>
    [JsonStringEnumMemberName("conflict")]
    Conflict,
}

/// <summary>The words for <see cref="Verdict"/>.</summary>
public static class Verdicts
{
    private static readonly ImmutableArray<string> Words = ["unknown", "clean", "conflict"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="verdict">Any.</param>
    public static string Word(this Verdict verdict) => Words[(int)verdict];
}
