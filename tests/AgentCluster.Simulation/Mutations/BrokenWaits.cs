using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Deciding;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;
using IRegistry = AgentCluster.Actors.IRowBehavior<
    AgentCluster.Domain.TaskRegistry.TaskRegistryState,
    AgentCluster.Domain.TaskRegistry.TaskRegistryCommand,
    AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Simulation.Mutations;

internal sealed class LapsesPaused : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        if (command is LapseClaim lapse && state.Find(lapse.Task) is { Facts: { IsPaused: true, Claim: { } late } facts } && late.Token == lapse.Token)
        {
            return EpicCourse.Follow(state, Decision.Note(Working.Ended(facts, ClaimEnd.Lapsed, "It waited too long.", retryable: true, turn)), turn);
        }

        var decision = TaskRegistryBehavior.Decide(state, command, turn);
        return decision.Events.LastOrDefault(happened => happened is InputRequired or CompletionSubmitted) is IOfTask { Task: var id }
            && state.Find(id)?.Facts.Claim is { } claim
            ? decision.With(Lapsing.Arm(id, claim, 0))
            : decision;
    }
}

internal sealed class StaysPaused : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        var decision = TaskRegistryBehavior.Decide(state, command, turn);
        return decision.Events is [InputAnswered or CompletionReturned, ..] && command is AnswerInput or ReviewTask
            ? decision.With(new TimerChange.Cancel(Lapsing.Timer(((IOfTask)decision.Events[0]).Task)))
            : decision;
    }
}

internal sealed class SkipsReview : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        if (command is not CompleteTask { Next: null } complete
            || TaskRegistryBehavior.Decide(state, command, turn).Events is not [.., CompletionSubmitted submitted])
        {
            return TaskRegistryBehavior.Decide(state, command, turn);
        }

        var facts = state.Find(complete.Task)!.Facts;
        TaskCompleted completed = new(complete.Task, complete.Token, submitted.Outcome, complete.Cost);
        return EpicCourse.Follow(
            state,
            Decision.Answer(complete, new CompleteReply.Completed(facts.After(completed).View(state.Name, default)), completed)
                .With(new TimerChange.Cancel(Lapsing.Timer(complete.Task))),
            turn);
    }
}

internal sealed class AnybodyReviews : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        if (command is not ReviewTask review || state.Find(review.Task)?.Facts.Review is not { State: ReviewState.Pending } pending)
        {
            return TaskRegistryBehavior.Decide(state, command, turn);
        }

        var decision = TaskRegistryBehavior.Decide(state, review with { Agent = pending.Reviewer }, turn);
        return decision.Events is [TaskCompleted completed, ..]
            ? EpicCourse.Follow(
                state,
                Decision.Answer<TaskReply>(
                    review, (TaskReply)decision.Reply!, completed with { Outcome = completed.Outcome with { AcceptedBy = review.Agent } }),
                turn)
            : decision;
    }
}
