using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Whether a completion is taken: by the criteria, by the evidence, by a reviewer.</summary>
internal static class Reviewing
{
    /// <summary>
    /// Why a holder's completion is not taken; null when nothing speaks against it. Nothing is written of it: its holder has
    /// the reasons, and keeps the claim.
    /// </summary>
    public static TaskRefusal? Refuse(TaskFacts facts, CompleteTask complete)
    {
        if (facts.Status == WorkStatus.InputRequired)
        {
            return new TaskRefusal.InvalidTransition(facts.Status, WorkStatus.Completed, "It waits for an answer.");
        }

        if (facts.IsInReview)
        {
            return new TaskRefusal.CompletionRejected(
                [new(ShortfallCode.ReviewPending, $"It was handed in and waits for {facts.Review!.Reviewer}'s review.")]);
        }

        return facts.Checks?.Of(complete.Criteria, complete.Evidence).ToValueList() is { IsEmpty: false } reasons
            ? new TaskRefusal.CompletionRejected(reasons)
            : null;
    }

    /// <summary>Hands a completion to the task's reviewer. Its claim still counts when the next task is claimed.</summary>
    public static Decision Submit(
        TaskRegistryState state, TaskEntry task, CompleteTask complete, AgentId reviewer, Claimant? next, in Turn turn)
    {
        List<TaskRegistryEvent> events = [];
        var after = task.Facts;
        if (complete.Cost is { } cost)
        {
            TaskProgressed spent = new(task.Id, complete.Token, turn.Now, Cost: cost);
            events.Add(spent);
            after = after.After(spent);
        }

        CompletionSubmitted submitted = new(
            task.Id, complete.Token, reviewer, new(turn.Now, complete.ResultSummary, complete.Evidence, complete.Criteria), turn.Now);
        events.Add(submitted);
        var view = after.After(submitted).View(state.Name, default);
        if (next is not { } by || Claiming.Best(state, by, Claiming.SpentBy(state, task.Facts, complete.Cost)) is not { } best)
        {
            return Parking.Pause(
                Decision.Answer(complete, new CompleteReply.Completed(view), [.. events]), task.Id, complete.Token, turn);
        }

        var grant = Grant.Of(state, best.Task, by, complete.Next!.LeaseSeconds, turn, best.Rank);
        events.Add(grant.Event);
        return grant.On(Parking.Pause(
            Decision.Answer(complete, new CompleteReply.Completed(view, grant.View), [.. events]), task.Id, complete.Token, turn));
    }

    public static Decision Decide(TaskRegistryState state, ReviewTask review, in Turn turn)
    {
        if (Lookup.Load(state, review.Task, turn) is { } load)
        {
            return load;
        }

        if (state.Find(review.Task) is not { } task)
        {
            return Decision.Answer(review, new TaskReply.Refused(new TaskRefusal.NotFound(review.Task)));
        }

        var facts = task.Facts;
        if (facts.Review is not { State: ReviewState.Pending } pending)
        {
            return Decision.Answer(review, new TaskReply.Refused(new TaskRefusal.InvalidTransition(
                facts.Shown, review.Accept ? WorkStatus.Completed : WorkStatus.Running, "No review of it is pending.")));
        }

        if (pending.Reviewer != review.Agent)
        {
            return Decision.Answer(review, new TaskReply.Refused(new TaskRefusal.NotReviewer(pending.Reviewer, review.Agent)));
        }

        return review.Accept ? Accept(state, task, review, pending, turn) : Return(state, task, review, turn);
    }

    private static Decision Accept(TaskRegistryState state, TaskEntry task, ReviewTask review, Review pending, in Turn turn)
    {
        TaskCompleted completed = new(
            task.Id,
            task.Facts.Claim!.Token,
            pending.Submitted! with { CompletedAt = turn.Now, AcceptedBy = review.Agent });
        return Decision.Answer(
            review, new TaskReply.Found(task.Facts.After(completed).View(state.Name, default)), completed);
    }

    private static Decision Return(TaskRegistryState state, TaskEntry task, ReviewTask review, in Turn turn)
    {
        CompletionReturned returned = new(task.Id, task.Facts.Claim!.Token, review.Agent, turn.Now, review.Reasons);
        return Parking.Resume(
            Decision.Answer(review, new TaskReply.Found(task.Facts.After(returned).View(state.Name, default)), returned), task, turn);
    }
}
