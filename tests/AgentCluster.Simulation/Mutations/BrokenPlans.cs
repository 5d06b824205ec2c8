using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Deciding;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;
using IRegistry = AgentCluster.Actors.IRowBehavior<
    AgentCluster.Domain.TaskRegistry.TaskRegistryState,
    AgentCluster.Domain.TaskRegistry.TaskRegistryCommand,
    AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Simulation.Mutations;

/// <summary>A registry that hands out what its epic has paused.</summary>
internal abstract class PausesNot : BrokenRegistry
{
    protected static Decision ClaimUnder(TaskRegistryState state, TaskRegistryCommand command, in Turn turn, Func<EpicFacts, bool> paused)
    {
        if (command is ClaimNext claim
            && state.Tasks.FirstOrDefault(task => task.Facts.IsReady && state.EpicOf(task.Facts) is { } epic && paused(epic.Facts)) is { } task)
        {
            var grant = Grant.Of(state, task, claim.By, claim.LeaseSeconds, turn);
            return grant.On(Decision.Answer(claim, new ClaimReply.Granted(grant.View), grant.Event));
        }

        return TaskRegistryBehavior.Decide(state, command, turn);
    }
}

internal sealed class IgnoresBudgets : PausesNot, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        ClaimUnder(state, command, turn, epic => epic is { IsExhausted: true, IsClosed: false });
}

internal sealed class ClaimsCalledOff : PausesNot, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        ClaimUnder(state, command, turn, epic => epic.IsClosed);
}

internal sealed class ClaimsBeyondBudget : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        if (command is not CompleteTask { Next: not null, Cost: { } cost } complete)
        {
            return TaskRegistryBehavior.Decide(state, command, turn);
        }

        var blind = TaskRegistryBehavior.Decide(state, complete with { Cost = null }, turn);
        return blind.Events is [TaskCompleted completed, TaskClaimed claimed, ..]
            ? EpicCourse.Follow(
                state,
                Decision.Answer(complete, (CompleteReply)blind.Reply!, completed with { Cost = cost }, claimed)
                    .Softly(blind.SoftEvents.AsSpan()).Tell(blind.Messages.AsSpan()).With(blind.Timers.AsSpan()),
                turn)
            : TaskRegistryBehavior.Decide(state, command, turn);
    }
}

internal sealed class NeverResumes : BrokenRegistry, IRegistry
{
    public static new TaskRegistryState Apply(TaskRegistryState state, TaskRegistryEvent happened)
    {
        var wasPaused = happened is EpicChanged changed && state.Ready.IsPaused(changed.Epic);
        state = TaskRegistryBehavior.Apply(state, happened);
        if (wasPaused)
        {
            state.Ready.Pause(((EpicChanged)happened).Epic, isPaused: true);
        }

        return state;
    }
}

internal sealed class ForgetsToRefund : BrokenRegistry, IRegistry
{
    public static new TaskRegistryState Apply(TaskRegistryState state, TaskRegistryEvent happened)
    {
        if (happened is not TaskEdited edited || state.Find(edited.Task) is not { } task || state.EpicOf(task.Facts) is not { } left)
        {
            return TaskRegistryBehavior.Apply(state, happened);
        }

        var cost = left.Facts.Cost;
        state = TaskRegistryBehavior.Apply(state, happened);
        if (task.Facts.Spec.EpicId != left.Id)
        {
            left.Facts = left.Facts with { Cost = cost };
        }

        return state;
    }
}

internal sealed class Miscounts : BrokenRegistry, IRegistry
{
    public static new TaskRegistryState Apply(TaskRegistryState state, TaskRegistryEvent happened)
    {
        state = TaskRegistryBehavior.Apply(state, happened);
        if (happened is TaskCancelled cancelled && state.Find(cancelled.Task) is { } task && state.EpicOf(task.Facts) is { } epic)
        {
            epic.Counts = epic.Counts.Moved(WorkStatus.Cancelled, WorkStatus.Completed);
        }

        return state;
    }
}

internal sealed class SweepsOnce : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        command is SweepEpics ? Decision.Note() : TaskRegistryBehavior.Decide(state, command, turn);
}

internal sealed class SweepsAtOnce : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        var (decision, now) = (TaskRegistryBehavior.Decide(state, command, turn), turn.Now);
        HashSet<TaskId> cancelled = [.. decision.Events.OfType<TaskCancelled>().Select(e => e.Task)];
        return decision.Events.FirstOrDefault(happened => happened is EpicCancelled or EpicDeleted) is IOfEpic { Epic: var epic }
            ? decision.Also([.. state.Find(epic)!.Open.Where(task => !cancelled.Contains(task.Id)).Select(task => new TaskCancelled(task.Id, now))])
            : decision;
    }
}

internal sealed class IgnoresVersions : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        TaskRegistryBehavior.Decide(state, command switch
        {
            EditTask edit => edit with { ExpectedVersion = null },
            ChangeEpic change => change with { Version = null },
            _ => command,
        }, turn);
}
