using System.Text.Json.Serialization;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>What has happened in a repository. Names on disk carry a version and are never reused.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(WorktreePut), "worktree-put.v1")]
[JsonDerivedType(typeof(WorktreeRemoved), "worktree-removed.v1")]
[JsonDerivedType(typeof(FilesTouched), "files-touched.v1")]
[JsonDerivedType(typeof(WorktreeSeen), "worktree-seen.v1")]
[JsonDerivedType(typeof(ForecastChanged), "forecast-changed.v1")]
[JsonDerivedType(typeof(PathCaseSet), "path-case-set.v1")]
public abstract partial record DetectorEvent
{
    private DetectorEvent()
    {
    }

    /// <summary>A worktree is known, or known otherwise.</summary>
    /// <param name="Worktree">Without what was seen in it, which stays.</param>
    /// <param name="At">UTC.</param>
    public sealed record WorktreePut(Worktree Worktree, DateTimeOffset At) : DetectorEvent;

    /// <summary>A worktree is gone, and its forecasts with it.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="At">UTC.</param>
    public sealed record WorktreeRemoved(string Name, DateTimeOffset At) : DetectorEvent;

    /// <summary>An agent works on more files.</summary>
    /// <param name="Worktree">Its worktree's name.</param>
    /// <param name="Files">Those that it did not name before.</param>
    /// <param name="At">UTC.</param>
    public sealed record FilesTouched(string Worktree, ValueList<string> Files, DateTimeOffset At) : DetectorEvent;

    /// <summary>Somebody looked into a worktree, and it is not as it was.</summary>
    /// <param name="Worktree">Its name.</param>
    /// <param name="Seen">What was found.</param>
    /// <param name="At">UTC.</param>
    public sealed record WorktreeSeen(string Worktree, Observation Seen, DateTimeOffset At) : DetectorEvent;

    /// <summary>Pairs have another forecast.</summary>
    /// <param name="Pairs">Those that changed.</param>
    /// <param name="At">UTC.</param>
    public sealed record ForecastChanged(ValueList<PairForecast> Pairs, DateTimeOffset At) : DetectorEvent;

    /// <summary>Names that differ in case are one file from here on, or two.</summary>
    /// <param name="Case">Which.</param>
    /// <param name="At">UTC.</param>
    public sealed record PathCaseSet(PathCase Case, DateTimeOffset At) : DetectorEvent;
}
