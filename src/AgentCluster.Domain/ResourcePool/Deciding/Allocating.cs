using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ResourcePool.PoolEvent>;

namespace AgentCluster.Domain.ResourcePool.Deciding;

/// <summary>Resources are given, refused, renewed and given back.</summary>
internal static class Allocating
{
    private const int MostHolders = 500;

    public static TimerChange.Arm Arm(Allocation allocation) => new(
        Timer(allocation.Id), TimeSpan.FromSeconds(allocation.TtlSeconds), new EndAllocation(allocation.Id, allocation.Renewal));

    public static TimerKey Timer(AllocationId id) => new("allocation", id.Value);

    public static Decision Decide(PoolState state, Allocate allocate, in Turn turn)
    {
        var asked = allocate.Asked;
        foreach (var amount in asked.Amounts)
        {
            if (state.Find(amount.Resource) is null)
            {
                return Decision.Answer(allocate, new AllocateReply.NoPool(amount.Resource, state.Pools.Select(pool => pool.Name).ToValueList()));
            }
        }

        if (state.Count >= Allocation.Most || state.CountOf(asked.Agent) >= Allocation.MostOfAgent)
        {
            var isOfAgent = state.Count < Allocation.Most;
            return Decision.Answer(allocate, new AllocateReply.Full(isOfAgent ? Allocation.MostOfAgent : Allocation.Most, isOfAgent));
        }

        if (OverLimit(state, asked) is { } over)
        {
            return Decision.Answer(allocate, over);
        }

        var needs = asked.Amounts.Select(amount => (Amount: amount, View: state.Find(amount.Resource)!))
            .Select(each => new Shortage(each.View.Pool, each.Amount.Value, each.View.Pool.Total - each.View.Allocated)).ToValueList();
        var lacking = needs.Where(need => need.Required > need.Available).ToValueList();
        return lacking.IsEmpty ? Give(state, allocate, [], turn)
            : Reclaiming.Choose(state, allocate, lacking, turn) is { } idle ? Give(state, allocate, idle, turn)
            : Refuse(state, allocate, needs, lacking, turn);
    }

    public static Decision Decide(PoolState state, RenewAllocation renew, in Turn turn)
    {
        if (Refuse(state, renew.Id, renew.By) is { } refused)
        {
            return Decision.Answer(renew, refused);
        }

        var known = state.Find(renew.Id)!;
        AllocationRenewed renewed = new(renew.Id, renew.TtlSeconds ?? known.TtlSeconds, turn.Now);
        var now = known with { TtlSeconds = renewed.TtlSeconds, RenewedAt = turn.Now, Renewal = known.Renewal + 1 };
        return Decision.Answer(renew, new AllocationReply.Found(now), renewed).Softly(new AllocationSeen(now.Id, turn.Uptime)).With(Arm(now));
    }

    public static Decision Decide(PoolState state, ReleaseAllocation release, in Turn turn)
    {
        if (Refuse(state, release.Id, release.By) is { } refused)
        {
            return Decision.Answer(release, refused);
        }

        var known = state.Find(release.Id)!;
        return Decision.Answer(
                release,
                new AllocationReply.Found(known with { End = AllocationEnd.Released, EndedAt = turn.Now }),
                Freeing.Over(known, AllocationEnd.Released, turn))
            .With(new TimerChange.Cancel(Timer(known.Id)));
    }

    /// <summary>Gives it, and takes from others first what they have for nothing.</summary>
    private static Decision Give(PoolState state, Allocate allocate, IReadOnlyList<Allocation> idle, in Turn turn)
    {
        var given = allocate.Asked with { Place = state.Places + 1, Renewal = 1, AllocatedAt = turn.Now, RenewedAt = turn.Now, End = null, EndedAt = null };
        List<PoolEvent> events = [];
        List<TimerChange> timers = [Arm(given)];
        List<Message> told = [];
        foreach (var each in idle)
        {
            events.Add(Freeing.Over(each, AllocationEnd.Idle, turn));
            timers.Add(new TimerChange.Cancel(Timer(each.Id)));
            told.Add(Letters.Taken(each, given));
        }

        if (given is { Task: { } task, Project: { } project })
        {
            told.Add(new(Kinds.RegistryOf(project), new TaskRegistryCommand.TieResources(task, given.Id, given.Token)));
        }

        if (given.IsLoose)
        {
            told.Add(new(Kinds.AgentOf(given.Agent), new AgentCommand.HoldResources()));
        }

        return Decision.Answer(allocate, new AllocateReply.Given(given), [.. events, new ResourcesAllocated(given, turn.Now)])
            .Softly(new AllocationSeen(given.Id, turn.Uptime))
            .Tell([.. told])
            .With([.. timers]);
    }

    private static Decision Refuse(PoolState state, Allocate allocate, ValueList<Shortage> needs, ValueList<Shortage> lacking, in Turn turn)
    {
        var uptime = turn.Uptime;
        List<Allocation> loose = [.. Reclaiming.Candidates(state, allocate.Asked, lacking)];
        return Decision.Answer(
                allocate,
                new AllocateReply.Insufficient(
                    needs.Select(need => need with { Available = Math.Max(0, need.Available) }).ToValueList(),
                    loose.Select(each => each.Agent).Distinct().Take(MostHolders).ToValueList()))
            .Softly([.. loose.Where(each => state.SeenAt(each.Id) is null).Select(each => new AllocationSeen(each.Id, uptime))]);
    }

    private static AllocateReply.OverLimit? OverLimit(PoolState state, Allocation asked)
    {
        foreach (var limit in state.Limits)
        {
            var found = asked.Of(limit.Resource);
            if (found > 0)
            {
                found += state.Active.Where(each => each.Agent == asked.Agent).Sum(each => each.Of(limit.Resource));
            }

            if (found > limit.Value)
            {
                return new AllocateReply.OverLimit(limit.Resource, limit.Value, found);
            }
        }

        return null;
    }

    private static AllocationReply? Refuse(PoolState state, AllocationId id, AgentId? by) =>
        state.Find(id) is not { } known ? new AllocationReply.NoAllocation()
        : by is { } agent && agent != known.Agent ? new AllocationReply.OfOther(known.Agent)
        : null;
}
