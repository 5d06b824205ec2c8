using System.Collections.Frozen;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// How each event of the journal is called outside. An event that stands in neither list is not shown: what a new one
/// holds is looked at before the world sees it. A test holds that every event of the domain stands in one.
/// </summary>
internal static class EventNames
{
    /// <summary>Names on disk, and outside.</summary>
    public static FrozenDictionary<string, string> Shown { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["task-created.v1"] = "task_created",
        ["task-claimed.v1"] = "task_claimed",
        ["task-progressed.v1"] = "task_progressed",
        ["task-completed.v1"] = "task_completed",
        ["claim-ended.v1"] = "claim_ended",
        ["task-failed.v1"] = "task_failed",
        ["task-cancelled.v1"] = "task_cancelled",
        ["task-imported.v1"] = "task_imported",
        ["task-reimported.v1"] = "task_updated",
        ["task-adopted.v1"] = "task_adopted",
        ["task-edited.v1"] = "task_updated",
        ["task-deleted.v1"] = "task_deleted",
        ["task-watched.v1"] = "task_watched",
        ["task-unwatched.v1"] = "task_unwatched",
        ["input-required.v1"] = "task_input_required",
        ["input-answered.v1"] = "task_input_answered",
        ["completion-submitted.v1"] = "task_submitted",
        ["completion-returned.v1"] = "task_returned",
        ["escalated.v1"] = "task_escalated",
        ["epic-created.v1"] = "epic_created",
        ["epic-changed.v1"] = "epic_updated",
        ["epic-started.v1"] = "epic_started",
        ["epic-ended.v1"] = "epic_ended",
        ["epic-reopened.v1"] = "epic_reopened",
        ["epic-cancelled.v1"] = "epic_cancelled",
        ["epic-deleted.v1"] = "epic_deleted",
        ["epic-budget-exhausted.v1"] = "epic_budget_exhausted",
        ["epic-imported.v1"] = "epic_imported",
        ["agent-registered.v1"] = "agent_registered",
        ["agent-updated.v1"] = "agent_updated",
        ["agent-deregistered.v1"] = "agent_deregistered",
        ["agent-came-online.v1"] = "agent_online",
        ["agent-went-offline.v1"] = "agent_offline",
        ["grace-ended.v1"] = "agent_gone",
        ["mail-received.v1"] = "mail_received",
        ["delegation-requested.v1"] = "delegation_requested",
        ["delegation-moved.v1"] = "delegation_updated",
        ["worktree-put.v1"] = "worktree_updated",
        ["worktree-removed.v1"] = "worktree_removed",
        ["files-touched.v1"] = "worktree_touched",
        ["worktree-seen.v1"] = "worktree_seen",
        ["forecast-changed.v1"] = "forecast_changed",
        ["path-case-set.v1"] = "repository_updated",
        ["reservation-granted.v1"] = "reservation_granted",
        ["reservation-wanted.v1"] = "reservation_refused",
        ["reservation-renewed.v1"] = "reservation_renewed",
        ["reservation-ended.v1"] = "reservation_ended",
        ["reservation-queued.v1"] = "reservation_queued",
        ["reservation-narrowed.v1"] = "reservation_narrowed",
        ["reservation-yielded.v1"] = "reservation_yielded",
        ["reservation-may-wait.v1"] = "reservation_updated",
        ["merge-ordered.v1"] = "merge_ordered",
        ["decision-recorded.v1"] = "decision_recorded",
        ["decision-overruled.v1"] = "decision_overruled",
        ["conflict-detected.v1"] = "conflict_detected",
        ["conflict-tried.v1"] = "conflict_tried",
        ["conflict-asked.v1"] = "conflict_asked",
        ["conflict-resolved.v1"] = "conflict_resolved",
        ["conflict-escalated.v1"] = "conflict_escalated",
        ["pool-declared.v1"] = "resource_updated",
        ["resources-allocated.v1"] = "resources_allocated",
        ["allocation-renewed.v1"] = "allocation_renewed",
        ["allocation-ended.v1"] = "allocation_ended",
        ["policy-set.v1"] = "policy_updated",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names on disk of what concerns the cluster only: who watches whom, and all that is about secrets.</summary>
    public static FrozenSet<string> Internal { get; } = FrozenSet.ToFrozenSet(
        ["handle-rotated.v1", "watcher-added.v1", "claim-tied.v1", "resources-tied.v1", "agents-limited.v1", "work-limited.v1", "resources-held.v1", "mail-sent.v1", "mail-acknowledged.v1", "key-issued.v1", "key-revoked.v1", "audit-recorded.v1"], StringComparer.Ordinal);
}
