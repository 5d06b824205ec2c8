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
[JsonDerivedType(typeof(ReservationGranted), "reservation-granted.v1")]
[JsonDerivedType(typeof(ReservationWanted), "reservation-wanted.v1")]
[JsonDerivedType(typeof(ReservationRenewed), "reservation-renewed.v1")]
[JsonDerivedType(typeof(ReservationEnded), "reservation-ended.v1")]
[JsonDerivedType(typeof(ReservationQueued), "reservation-queued.v1")]
[JsonDerivedType(typeof(ReservationNarrowed), "reservation-narrowed.v1")]
[JsonDerivedType(typeof(ReservationYielded), "reservation-yielded.v1")]
[JsonDerivedType(typeof(ReservationMayWait), "reservation-may-wait.v1")]
[JsonDerivedType(typeof(MergeOrdered), "merge-ordered.v1")]
[JsonDerivedType(typeof(DecisionRecorded), "decision-recorded.v1")]
[JsonDerivedType(typeof(DecisionOverruled), "decision-overruled.v1")]
[JsonDerivedType(typeof(ConflictDetected), "conflict-detected.v1")]
[JsonDerivedType(typeof(ConflictTried), "conflict-tried.v1")]
[JsonDerivedType(typeof(ConflictAsked), "conflict-asked.v1")]
[JsonDerivedType(typeof(ConflictResolved), "conflict-resolved.v1")]
[JsonDerivedType(typeof(ConflictEscalated), "conflict-escalated.v1")]
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
