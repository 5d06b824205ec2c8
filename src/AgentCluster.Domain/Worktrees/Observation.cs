using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Worktrees;

/// <summary>What somebody who can see a worktree found there, uncommitted and untracked work included.</summary>
/// <param name="Head">The commit checked out, as git names it; null when there is none yet, or it could not be read.</param>
/// <param name="BaseCommit">The commit that the base stands for; null when there is none.</param>
public sealed record Observation(string? Head = null, string? BaseCommit = null)
{
    /// <summary>Every file that differs from the base, by path; at most <see cref="Worktree.MostTouched"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Touch> Files { get; init; }

    /// <summary>Why it could not be read, or not in full; null when it was.</summary>
    public string? Problem { get; init; }
}
