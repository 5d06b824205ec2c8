using AgentCluster.Actors;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ResourcePool.PoolEvent>;

namespace AgentCluster.Domain.ResourcePool.Deciding;

/// <summary>Resources are given, refused, given back and taken away.</summary>
internal static class Allocating
{
    public static TimerChange.Arm Arm(Allocation allocation) => new(
        Timer(allocation.Id), TimeSpan.FromSeconds(allocation.TtlSeconds), new EndAllocation(allocation.Id, allocation.Renewal));

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

        var needs = asked.Amounts.Select(amount => (Amount: amount, View: state.Find(amount.Resource)!))
            .Select(each => new Shortage(each.View.Pool, each.Amount.Value, each.View.Available)).ToValueList();
        if (needs.Any(need => need.Required > need.Available))
        {
            return Decision.Answer(allocate, new AllocateReply.Insufficient(needs));
        }

        var given = asked with { Place = state.Places + 1, Renewal = 1, AllocatedAt = turn.Now, RenewedAt = turn.Now, End = null, EndedAt = null };
        return Decision.Answer(allocate, new AllocateReply.Given(given), new ResourcesAllocated(given, turn.Now)).With(Arm(given));
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
        return Decision.Answer(renew, new AllocationReply.Found(now), renewed).With(Arm(now));
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
                Over(known, AllocationEnd.Released, turn))
            .With(new TimerChange.Cancel(Timer(known.Id)));
    }

    public static Decision Decide(PoolState state, EndAllocation end, in Turn turn) =>
        state.Find(end.Id) is { } known && known.Renewal == end.Renewal
            ? Decision.Note(Over(known, AllocationEnd.Expired, turn))
            : Decision.Note();

    private static AllocationReply? Refuse(PoolState state, AllocationId id, AgentId? by) =>
        state.Find(id) is not { } known ? new AllocationReply.NoAllocation()
        : by is { } agent && agent != known.Agent ? new AllocationReply.OfOther(known.Agent)
        : null;

    private static AllocationEnded Over(Allocation allocation, AllocationEnd end, in Turn turn) => new(allocation.Id, allocation.Agent, end, turn.Now);

    private static TimerKey Timer(AllocationId id) => new("allocation", id.Value);
}
