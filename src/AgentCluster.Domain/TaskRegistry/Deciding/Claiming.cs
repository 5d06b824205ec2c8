using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry.Ready;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Granting claims: by id, the best ready one, or the best one after a completion.</summary>
internal static class Claiming
{
    public static Decision Decide(TaskRegistryState state, ClaimTask claim, in Turn turn)
    {
        if (Lookup.Load(state, claim.Task, turn) is { } load)
        {
            return load;
        }

        if (state.Find(claim.Task) is not { } task)
        {
            return Decision.Answer(claim, new ClaimReply.Refused(new TaskRefusal.NotFound(claim.Task)));
        }

        if (task.View(state.Name).Claim is { } held)
        {
            return Decision.Answer(claim, new ClaimReply.Refused(new TaskRefusal.AlreadyClaimed(held.Agent, held.LeaseExpiresAt)));
        }

        var reasons = Reasons.NotReady(task)
            .Concat(Reasons.OfEpic(state, task.Facts))
            .Concat(Reasons.NotFor(state, task.Facts, claim.By, released: 0))
            .ToValueList();
        if (!reasons.IsEmpty)
        {
            return Decision.Answer(claim, new ClaimReply.Refused(new TaskRefusal.NotReady(reasons)));
        }

        var grant = Grant.Of(state, task, claim.By, claim.LeaseSeconds, turn);
        return grant.On(Decision.Answer(claim, new ClaimReply.Granted(grant.View), grant.Event));
    }

    public static Decision Decide(TaskRegistryState state, ClaimNext claim, in Turn turn)
    {
        if (Best(state, claim.By) is not { } best)
        {
            return Decision.Answer(claim, new ClaimReply.NothingReady(Reasons.AtCapacity(state, claim.By, released: 0)));
        }

        var grant = Grant.Of(state, best.Task, claim.By, claim.LeaseSeconds, turn, best.Rank);
        return grant.On(Decision.Answer(claim, new ClaimReply.Granted(grant.View), grant.Event));
    }

    /// <summary>The best ready task for an agent, and its rank; null when there is none, or it holds as many as it may.</summary>
    /// <param name="state">The registry.</param>
    /// <param name="by">Who claims.</param>
    /// <param name="without">An epic that is about to be paused; null for none.</param>
    public static (TaskEntry Task, ReadyRank Rank)? Best(TaskRegistryState state, Claimant by, EpicId? without = null) =>
        Reasons.AtCapacity(state, by, released: 0) is null ? state.Ready.Best(CapabilitiesOf(by), without: without) : null;

    /// <summary>The best task once <paramref name="completed"/> is completed: also among those that this makes ready.</summary>
    /// <param name="state">The registry.</param>
    /// <param name="completed">As it is before.</param>
    /// <param name="cost">What the completion costs: the last of a budget may go with it.</param>
    /// <param name="by">Who claims.</param>
    /// <returns>The task, its facts as they will be, and its rank; null when there is none for this agent.</returns>
    public static (TaskEntry Task, TaskFacts Facts, ReadyRank Rank)? BestAfter(
        TaskRegistryState state, TaskFacts completed, Cost? cost, Claimant by)
    {
        if (Reasons.AtCapacity(state, by, released: 1) is not null)
        {
            return null;
        }

        var capabilities = CapabilitiesOf(by);
        var relieved = completed.Spec.EpicId ?? default;
        var spent = SpentBy(state, completed, cost);
        (TaskEntry Task, TaskFacts Facts, ReadyRank Rank)? best =
            state.Ready.Best(capabilities, relieved, spent) is { } queued ? (queued.Task, queued.Task.Facts, queued.Rank) : null;
        foreach (var dependant in state.Graph.DependantsOf(completed.Id))
        {
            var facts = dependant.Facts.WithDependency(completed.Id, DependencyState.Satisfied);
            if (!facts.IsReady || Reasons.Missing(facts, by).Count > 0)
            {
                continue;
            }

            var epic = facts.Spec.EpicId ?? default;
            if (epic == spent || state.Ready.IsPaused(epic))
            {
                continue;
            }

            var running = state.Ready.RunningOf(epic) - (epic == relieved ? 1 : 0);
            var rank = ReadyRank.Of(facts, running, state.Graph.DependantsOf(facts.Id).Count);
            if (best is not { } other || rank.CompareTo(other.Rank) < 0)
            {
                best = (dependant, facts, rank);
            }
        }

        return best;
    }

    /// <summary>The epic of a task when this cost is the last of its budget, or it is paused anyway; null otherwise.</summary>
    public static EpicId? SpentBy(TaskRegistryState state, TaskFacts task, Cost? cost) =>
        state.EpicOf(task) is { } epic && epic.Facts.Spent(cost).IsPaused ? epic.Id : null;

    private static HashSet<string>? CapabilitiesOf(Claimant by)
    {
        var capabilities = Reasons.CapabilitiesOf(by);
        return capabilities.IsEmpty ? null : [.. capabilities];
    }
}

/// <summary>A claim about to be granted.</summary>
/// <param name="Event">The fact.</param>
/// <param name="View">The task as it will be.</param>
/// <param name="Met">A soft fact about the agent; null when nothing is new.</param>
/// <param name="Watch">Asks the Agent actor to tell when the agent is gone; null when it knows, or is not registered.</param>
internal sealed record Grant(TaskClaimed Event, TaskView View, AgentMet? Met, Message? Watch)
{
    public static Grant Of(
        TaskRegistryState state, TaskEntry task, Claimant by, int leaseSeconds, in Turn turn, ReadyRank? rank = null) =>
        Of(state, task.Facts, by, leaseSeconds, turn, rank);

    public static Grant Of(
        TaskRegistryState state, TaskFacts facts, Claimant by, int leaseSeconds, in Turn turn, ReadyRank? rank = null)
    {
        TaskClaimed claimed = new(
            facts.Id,
            by.Agent,
            state.LastToken.Next(turn.Generation),
            leaseSeconds,
            turn.Now,
            rank is { } best ? new(best.Running, best.Key.Dependants) : null);
        var known = state.Holders.ProfileOf(by.Agent);
        return new(
            claimed,
            facts.After(claimed).View(state.Name, default),
            by.Profile is { } profile && profile != known ? new(by.Agent, profile) : null,
            by.Profile is not null && known is null
                ? new(Kinds.AgentOf(by.Agent), new AgentCommand.WatchAgent(state.Name))
                : null);
    }

    /// <summary>Adds what goes with the claim to a decision that holds its event.</summary>
    public Decision On(Decision decision)
    {
        decision = decision.With(Lapsing.Arm(Event.Task, new(Event.Agent, Event.Token, Event.LeaseSeconds, Event.At), 0));
        decision = Met is { } met ? decision.Softly(met) : decision;
        return Watch is { } watch ? decision.Tell(watch) : decision;
    }
}
