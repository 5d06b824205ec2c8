using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>What the holder of a claim says: its token is the right to say it.</summary>
internal static class Working
{
    public static Decision Decide(TaskRegistryState state, ReportProgress progress, in Turn turn)
    {
        if (Lookup.Load(state, progress.Task, turn) is { } load)
        {
            return load;
        }

        var task = state.Find(progress.Task);
        if (task?.Facts is { HeldAtCancel: true } cancelled && cancelled.LastToken == progress.Token)
        {
            return Decision.Answer(progress, new ProgressReply.Noted(cancelled.UpdatedAt, CancelRequested: true));
        }

        if (Lookup.Refuse(task, progress.Task, progress.Token, WorkStatus.Running, turn) is { } refusal)
        {
            return Decision.Answer(progress, new ProgressReply.Refused(refusal));
        }

        var detail = TaskRow.DetailKey(progress.Task);
        if (progress.Note is not null && task!.Facts.HasDetail && task.Detail is null && !turn.IsAbsent(detail))
        {
            return Decision.Needs(detail);
        }

        var claim = task!.Facts.Claim!;
        ProgressReply.Noted noted = new(turn.Now + claim.Lease, CancelRequested: false);
        var says = progress is { Percent: null, Note: null, Cost: null }
            ? Decision.Answer(progress, noted)
            : Decision.Answer(
                progress,
                noted,
                new TaskProgressed(
                    progress.Task, progress.Token, turn.Now, progress.Percent, progress.Note, progress.Cost));
        return task.Facts.IsPaused ? says : says
            .Softly(new ClaimRenewed(progress.Task, progress.Token, turn.Now))
            .With(Lapsing.Arm(progress.Task, claim, task.Renewal + 1));
    }

    public static Decision Decide(TaskRegistryState state, CompleteTask complete, in Turn turn)
    {
        if (Lookup.Load(state, complete.Task, turn) is { } load)
        {
            return load;
        }

        var task = state.Find(complete.Task);
        if (Lookup.Refuse(task, complete.Task, complete.Token, WorkStatus.Completed, turn) is { } refusal)
        {
            return Decision.Answer(complete, new CompleteReply.Refused(refusal));
        }

        if (Reviewing.Refuse(task!.Facts, complete) is { } rejection)
        {
            var rejected = Decision.Answer(complete, new CompleteReply.Refused(rejection));
            return task.Facts.IsPaused ? rejected : Parking.Resume(rejected, task, turn);
        }

        if (task.Facts.Checks?.Reviewer is { } reviewer)
        {
            var claimant = complete.Next is { } wanted ? By(state, task.Facts.Claim!.Agent, wanted) : null;
            return Reviewing.Submit(state, task, complete, reviewer, claimant, turn);
        }

        Outcome outcome = new(turn.Now, complete.ResultSummary, complete.Evidence, complete.Criteria);
        TaskCompleted completed = new(complete.Task, complete.Token, outcome, complete.Cost);
        var view = task.Facts.After(completed).View(state.Name, default);
        var stop = new TimerChange.Cancel(Lapsing.Timer(complete.Task));
        if (complete.Next is not { } next
            || By(state, task.Facts.Claim!.Agent, next) is var by && Claiming.BestAfter(state, task.Facts, complete.Cost, by) is not { } best)
        {
            return Decision.Answer(complete, new CompleteReply.Completed(view), completed).With(stop);
        }

        var grant = Grant.Of(state, best.Facts, by, next.LeaseSeconds, turn, best.Rank);
        return grant.On(
            Decision.Answer(complete, new CompleteReply.Completed(view, grant.View), completed, grant.Event).With(stop));
    }

    public static Decision Decide(TaskRegistryState state, FailTask fail, in Turn turn) =>
        End(state, fail, fail.Task, fail.Token, new(ClaimEnd.Failed, fail.Reason, fail.Retryable, WorkStatus.Failed), turn);

    public static Decision Decide(TaskRegistryState state, ReleaseTask release, in Turn turn) =>
        End(state, release, release.Task, release.Token, new(ClaimEnd.Released, release.Reason, true, WorkStatus.Pending), turn);

    /// <summary>The events that end a claim without completion: the task waits for the next attempt, or has failed, and a human is told when its attempts are used up.</summary>
    public static TaskRegistryEvent[] Ended(TaskFacts facts, ClaimEnd cause, string? reason, bool retryable, in Turn turn)
    {
        ClaimEnded ended = new(facts.Id, facts.Claim!.Token, cause, turn.Now, reason);
        var after = facts.After(ended);
        return after.MayBeTriedAgain
            ? retryable ? [ended] : [ended, new TaskFailed(facts.Id, turn.Now)]
            : [ended, new TaskFailed(facts.Id, turn.Now), new Escalated(facts.Id, after.Attempt, turn.Now)];
    }

    private static Decision End(
        TaskRegistryState state, ICommand<TaskReply> command, TaskId id, FencingToken token, Ending ending, in Turn turn)
    {
        if (Lookup.Load(state, id, turn) is { } load)
        {
            return load;
        }

        var task = state.Find(id);
        if (Lookup.Refuse(task, id, token, ending.To, turn) is { } refusal)
        {
            return Decision.Answer(command, new TaskReply.Refused(refusal));
        }

        var events = Ended(task!.Facts, ending.Cause, ending.Reason, ending.Retryable, turn);
        var after = task.Facts.After((ClaimEnded)events[0]);
        after = events is [_, TaskFailed failed, ..] ? after.After(failed) : after;
        return Decision.Answer(command, new TaskReply.Found(after.View(state.Name, default)), events)
            .With(new TimerChange.Cancel(Lapsing.Timer(id)));
    }

    /// <summary>Who claims next: the holder, as it is registered now or was when it last claimed.</summary>
    private static Claimant By(TaskRegistryState state, AgentId holder, NextClaim next) =>
        new(holder, next.Profile ?? state.Holders.ProfileOf(holder), next.Capabilities);

    private sealed record Ending(ClaimEnd Cause, string? Reason, bool Retryable, WorkStatus To);
}
