using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Deciding;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;
using IRegistry = AgentCluster.Actors.IRowBehavior<
    AgentCluster.Domain.TaskRegistry.TaskRegistryState,
    AgentCluster.Domain.TaskRegistry.TaskRegistryCommand,
    AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Simulation.Mutations;

/// <summary>The real registry but for one rule; each mutant overrides what it breaks.</summary>
internal abstract class BrokenRegistry : Broken<TaskRegistryBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>
{
    public static IEnumerable<TimerChange> Superseded(TaskRegistryState state, int generation) => TaskRegistryBehavior.Superseded(state, generation);

    public static IReadOnlyList<RowQuery> Open(string name) => TaskRegistryBehavior.Open(name);

    public static TaskRegistryState Load(TaskRegistryState state, IReadOnlyList<Row> rows) => TaskRegistryBehavior.Load(state, rows);

    public static TaskRegistryState Forget(TaskRegistryState state, RowKey key) => TaskRegistryBehavior.Forget(state, key);
}

internal sealed class AnyTokenActs : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        TaskRegistryBehavior.Decide(state, command switch
        {
            CompleteTask complete when Live(state, complete.Task) is { } token => complete with { Token = token },
            FailTask fail when Live(state, fail.Task) is { } token => fail with { Token = token },
            ReleaseTask release when Live(state, release.Task) is { } token => release with { Token = token },
            _ => command,
        }, turn);

    private static Domain.FencingToken? Live(TaskRegistryState state, Domain.TaskId task) => state.Find(task)?.Facts.Claim?.Token;
}

internal sealed class ClaimsHeldTasks : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        if (command is ClaimNext claim && state.Tasks.FirstOrDefault(task => task.Facts.Claim is not null) is { } held)
        {
            var grant = Grant.Of(state, held, claim.By, claim.LeaseSeconds, turn);
            return grant.On(Decision.Answer(claim, new ClaimReply.Granted(grant.View), grant.Event));
        }

        return TaskRegistryBehavior.Decide(state, command, turn);
    }
}

internal sealed class LapsesAnyClaim : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        TaskRegistryBehavior.Decide(state, command switch
        {
            LapseClaim lapse when state.Find(lapse.Task) is { Facts.Claim: not null } task => lapse with { Renewal = task.Renewal },
            TakeSignAge age when state.Find(age.Task) is { Facts.Claim: { } claim } task =>
                age with { Token = claim.Token, Question = task.Question, Age = TimeSpan.FromDays(1) },
            _ => command,
        }, turn);
}

internal sealed class LapsesUnasked : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        TaskRegistryBehavior.Decide(state, command switch
        {
            LapseClaim lapse when state.Find(lapse.Task) is { } task && task.Renewal == lapse.Renewal =>
                new TakeSignAge(lapse.Task, lapse.Token, task.Question, TimeSpan.FromDays(1)),
            _ => command,
        }, turn);
}

internal sealed class LapsesByWallClock : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn)
    {
        var (decision, now) = (TaskRegistryBehavior.Decide(state, command, turn), turn.Now);
        return command is ClaimNext && decision.Missing.IsEmpty && state.Tasks.FirstOrDefault(task =>
            task.Facts.Status == WorkStatus.Running && task.View(state.Name).Claim?.LeaseExpiresAt < now) is { } late
            ? decision.Also(Working.Ended(late.Facts, ClaimEnd.Lapsed, "The wall clock says so.", retryable: true, turn))
                .With(new TimerChange.Cancel(Lapsing.Timer(late.Id)))
            : decision;
    }
}

internal sealed class ForgetsTokens : BrokenRegistry, IRegistry
{
    public static new TaskRegistryState Load(TaskRegistryState state, IReadOnlyList<Row> rows) => TaskRegistryBehavior.Load(
        state, [.. rows.Where(row => row.Key.Table != TaskRegistryTables.Registry.Name)]);
}

internal sealed class HonoursLostTokens : BrokenRegistry, IRegistry
{
    public static new IEnumerable<TimerChange> Superseded(TaskRegistryState state, int generation) => [];

    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) => TaskRegistryBehavior.Decide(
        state, command, command is CompleteTask or FailTask or ReleaseTask or ReportProgress or LapseClaim ? turn with { Generation = 1 } : turn);
}

internal sealed class NeverLapses : BrokenRegistry, IRegistry
{
    public static new Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        TaskRegistryBehavior.Decide(state, command is TakeSignAge age ? age with { Age = TimeSpan.Zero } : command, turn);
}
