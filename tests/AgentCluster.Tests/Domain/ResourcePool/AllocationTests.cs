using AgentCluster.Actors;
using AgentCluster.Domain.ResourcePool;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;

namespace AgentCluster.Tests.Domain.ResourcePool;

public sealed class AllocationTests : PoolSpec
{
    [Fact]
    public void There_is_so_much_of_everything_until_somebody_says_otherwise() => Assert.Equal(
        ["cpu 100 cores", "git_worktrees 20 instances", "memory 64 GB", "network 1000 Mbps", "storage 1000 GB"],
        When(new ReadPools()).Reply.Pools.Select(view => FormattableString.Invariant($"{view.Pool.Name} {view.Available} {view.Pool.Unit}")));

    [Fact]
    public void What_is_given_is_not_available_and_what_is_given_back_is_again()
    {
        var first = Have(Ada, new Amount("cpu", 60), new Amount("memory", 0.5m));
        var second = Have(Ada, new Amount("cpu", 40));
        Assert.Equal((0, 63.5m), (Available("cpu"), Available("memory")));
        Assert.NotEqual(first.Id, second.Id);

        var (reply, turn) = When(new ReleaseAllocation(first.Id, Ada));

        Assert.Equal(AllocationEnd.Released, Assert.IsType<AllocationReply.Found>(reply).Allocation.End);
        Assert.Contains(new TimerChange.Cancel(new("allocation", first.Id.Value)), turn.Timers);
        Assert.Equal((60, 64), (Available("cpu"), Available("memory")));
        Assert.Equal(new AllocationReply.NoAllocation(), When(new ReleaseAllocation(first.Id)).Reply);
    }

    // Broken on purpose: refused only when there is not enough of anything.
    [Fact]
    public void Who_asks_for_more_than_there_is_of_one_resource_gets_nothing_of_the_others()
    {
        Have(Grace, new Amount("git_worktrees", 20));

        var (reply, turn) = When(new Allocate(Asked(Ada, new Amount("git_worktrees", 1), new Amount("memory", 8))));

        Assert.Equal(
            [("git_worktrees", 1, 0), ("memory", 8, 64)],
            Assert.IsType<AllocateReply.Insufficient>(reply).Asked.Select(each => (each.Pool.Name, each.Required, each.Available)));
        Assert.Empty(turn.Events);
        Assert.Equal(64, Available("memory"));
    }

    [Fact]
    public void The_last_of_it_can_be_had_to_the_third_decimal()
    {
        Have(Ada, new Amount("memory", 63.999m));
        Assert.IsType<AllocateReply.Insufficient>(When(new Allocate(Asked(Grace, new Amount("memory", 0.002m)))).Reply);
        Have(Grace, new Amount("memory", 0.001m));
        Assert.Equal(0, Available("memory"));
    }

    // Broken on purpose: what the agent has already not counted.
    [Fact]
    public void One_agent_has_no_more_than_its_limit_over_all_it_has()
    {
        Assert.Equal([new AgentsLimited([new Amount("cpu", 4)], Now)], WhenTold(new LimitAgents([new Amount("cpu", 4)])).Events);
        Assert.Empty(WhenTold(new LimitAgents([new Amount("cpu", 4)])).Events);
        Have(Ada, new Amount("cpu", 3));

        Assert.Equal(new AllocateReply.OverLimit("cpu", 4, 4.5m), When(new Allocate(Asked(Ada, new Amount("cpu", 1.5m)))).Reply);
        Have(Ada, new Amount("cpu", 1));
        Have(Ada, new Amount("memory", 1));
        Have(Grace, new Amount("cpu", 4));
        WhenTold(new LimitAgents([]));
        Have(Ada, new Amount("cpu", 90));
        Assert.Equal(Text(State), Text(Folded()));
    }

    [Fact]
    public void What_is_not_there_at_all_is_said_by_its_name() =>
        Assert.Equal("gpu", Assert.IsType<AllocateReply.NoPool>(When(new Allocate(Asked(Ada, new Amount("cpu", 1), new Amount("gpu", 1)))).Reply).Resource);

    // Broken on purpose: a timer's command that ends whatever is there.
    [Fact]
    public void An_allocation_ends_with_its_time_unless_it_was_renewed()
    {
        var given = Have(Ada, new Amount("cpu", 60));
        var (reply, turn) = When(new RenewAllocation(given.Id, 60, Ada));
        Assert.Equal((60, 2), Assert.IsType<AllocationReply.Found>(reply) is { Allocation: var now } ? (now.TtlSeconds, now.Renewal) : default);
        Assert.Contains(new TimerChange.Arm(new("allocation", given.Id.Value), TimeSpan.FromSeconds(60), new EndAllocation(given.Id, 2)), turn.Timers);

        WhenTold(new EndAllocation(given.Id, 1));
        Assert.Equal(40, Available("cpu"));

        Assert.Equal(AllocationEnd.Expired, Assert.IsType<AllocationEnded>(Assert.Single(WhenTold(new EndAllocation(given.Id, 2)).Events)).End);
        Assert.Equal(100, Available("cpu"));
    }

    [Fact]
    public void Only_its_agent_renews_it_or_gives_it_back()
    {
        var given = Have(Ada, new Amount("cpu", 1));

        Assert.Equal(new AllocationReply.OfOther(Ada), When(new ReleaseAllocation(given.Id, Grace)).Reply);
        Assert.Equal(new AllocationReply.OfOther(Ada), When(new RenewAllocation(given.Id, By: Grace)).Reply);
        Assert.Equal(600, Assert.IsType<AllocationReply.Found>(When(new RenewAllocation(given.Id)).Reply).Allocation.TtlSeconds);
    }

    [Fact]
    public void A_pool_that_is_made_smaller_takes_nothing_away_and_gives_nothing_until_there_is_something()
    {
        Have(Ada, new Amount("cpu", 60));
        Assert.False(Assert.IsType<DeclareReply.Declared>(When(new DeclarePool("cpu", 50)).Reply).Created);

        Assert.Equal(0, Available("cpu"));
        Assert.IsType<AllocateReply.Insufficient>(When(new Allocate(Asked(Grace, new Amount("cpu", 1)))).Reply);
        Assert.Empty(When(new DeclarePool("cpu", 50)).Turn.Events);
        When(new DeclarePool("cpu", 61));
        Have(Grace, new Amount("cpu", 1));
        Assert.Equal("cores", When(new ReadPools()).Reply.Pools[0].Pool.Unit);
    }

    [Fact]
    public void A_resource_of_ones_own_can_be_declared_and_there_is_an_end_to_it()
    {
        Assert.Equal("units", Assert.IsType<DeclareReply.Declared>(When(new DeclarePool("gpu", 4)).Reply) is { Created: true } made ? made.Pool.Pool.Unit : "");
        Have(Ada, new Amount("gpu", 4));
        ComparesEachTurn = false;
        for (var i = When(new ReadPools()).Reply.Pools.Count; i < Pool.Most; i++)
        {
            When(new DeclarePool(FormattableString.Invariant($"r{i}"), 1));
        }

        Assert.Equal(new DeclareReply.TooMany(Pool.Most), When(new DeclarePool("one more", 1)).Reply);
        Assert.IsType<DeclareReply.Declared>(When(new DeclarePool("gpu", 5)).Reply);
    }

    [Fact]
    public void One_agent_cannot_have_so_many_that_nobody_else_gets_one()
    {
        ComparesEachTurn = false;
        for (var i = 0; i < Allocation.MostOfAgent; i++)
        {
            Have(Ada, new Amount("cpu", 0.001m));
        }

        Assert.Equal(new AllocateReply.Full(Allocation.MostOfAgent, OfAgent: true), When(new Allocate(Asked(Ada, new Amount("cpu", 1)))).Reply);
        Have(Grace, new Amount("cpu", 1));
    }

    [Fact]
    public void The_row_of_one_that_is_over_is_kept_and_the_state_keeps_only_those_that_are_not()
    {
        var given = Have(Ada, new Amount("cpu", 1));
        var other = Have(Grace, new Amount("cpu", 2));
        When(new ReleaseAllocation(given.Id));

        Assert.Equal(2, Rows.Count);
        Assert.Equal([0, 1], Rows.Values.OrderBy(row => row.Key.Id, StringComparer.Ordinal).Select(row => row.Columns[2].Number!.Value));
        Assert.Equal([other.Id], State.Allocations.Select(each => each.Id));
    }

    [Fact]
    public void A_snapshot_and_a_replay_come_to_the_same_and_its_timers_start_anew()
    {
        Have(Ada, new Amount("cpu", 60));
        var given = Have(Grace, new Amount("memory", 1.5m));
        When(new DeclarePool("gpu", 4, "cards"));
        When(new RenewAllocation(given.Id, 30));
        When(new ReleaseAllocation(State.Allocations[0].Id));

        var restored = (PoolState)System.Text.Json.JsonSerializer.Deserialize(Text(State), PoolBehavior.Json.Snapshot!())!;

        Assert.Equal((Text(State), Text(State)), (Text(restored), Text(Folded())));
        Assert.Equal(62.5m, PoolBehavior.Decide(restored, new ReadPools(), default).Reply is PoolsReply read ? read.Pools[3].Available : 0);
        Assert.Equal([new TimerChange.Arm(new("allocation", given.Id.Value), TimeSpan.FromSeconds(30), new EndAllocation(given.Id, 2))], PoolBehavior.Timers(restored));
    }

    private static string Text(PoolState state) => System.Text.Json.JsonSerializer.Serialize(state, PoolBehavior.Json.Snapshot!());
}
