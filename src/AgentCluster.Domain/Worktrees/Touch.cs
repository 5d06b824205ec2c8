using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Worktrees;

/// <summary>A file that differs from a worktree's base.</summary>
/// <param name="Path">In the repository's one form.</param>
/// <param name="Kind">How it differs.</param>
public sealed record Touch(string Path, TouchKind Kind);

/// <summary>How a file differs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TouchKind>))]
public enum TouchKind
{
    /// <summary>Its agent said that it works on it; nobody looked.</summary>
    [JsonStringEnumMemberName("reported")]
    Reported,

    /// <summary>It is new, and git was told of it.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>Its content is another.</summary>
    [JsonStringEnumMemberName("modified")]
    Modified,

    /// <summary>It is gone.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,

    /// <summary>It is called otherwise; of the two names this is one.</summary>
    [JsonStringEnumMemberName("renamed")]
    Renamed,

    /// <summary>Only its mode is another, or what sort of thing it is.</summary>
    [JsonStringEnumMemberName("mode")]
    Mode,

    /// <summary>It is new, and git was not told of it.</summary>
    [JsonStringEnumMemberName("untracked")]
    Untracked,
}

/// <summary>The words for <see cref="TouchKind"/>.</summary>
public static class TouchKinds
{
    private static readonly ImmutableArray<string> Words = ["reported", "added", "modified", "deleted", "renamed", "mode", "untracked"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="kind">Any.</param>
    public static string Word(this TouchKind kind) => Words[(int)kind];
}
