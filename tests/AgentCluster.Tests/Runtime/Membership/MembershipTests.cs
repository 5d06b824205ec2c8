using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;

namespace AgentCluster.Tests.Runtime.Membership;

/// <summary>The decisions of the membership, without a store: who should own what, who is down, what to do next.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly Incarnation[] Five = [.. Enumerable.Range(1, 5).Select(number => new Incarnation((UInt128)(ulong)(number * 7_919) << 64 | (ulong)number))];

    [Fact]
    public void A_member_that_leaves_moves_its_own_shards_only()
    {
        foreach (var gone in Five)
        {
            Incarnation[] left = [.. Five.Where(member => member != gone)];
            Assert.All(Enumerable.Range(0, 256), shard => Assert.True(
                Rendezvous.Owner(shard, Five) == gone || Rendezvous.Owner(shard, Five) == Rendezvous.Owner(shard, left)));
        }
    }

    [Fact]
    public void Shards_are_shared_out_about_evenly_and_whatever_the_order_of_the_members()
    {
        var counts = Enumerable.Range(0, 1_024).GroupBy(shard => Rendezvous.Owner(shard, Five)!.Value).Select(own => own.Count()).ToList();

        Assert.Equal(5, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 150, 260));
        Assert.All(Enumerable.Range(0, 256), shard => Assert.Equal(Rendezvous.Owner(shard, Five), Rendezvous.Owner(shard, Five.Reverse())));
    }

    // Found by running it once. What it answers is how running nodes of two versions agree: it never changes.
    [Fact]
    public void The_owners_are_those_of_every_version()
    {
        var owners = string.Concat(Enumerable.Range(0, 40).Select(shard => Array.IndexOf(Five, Rendezvous.Owner(shard, Five)!.Value)));

        Assert.Equal("0144234442421143244110144011143043014410", owners);
    }

    [Fact]
    public void A_member_is_down_when_its_counter_stood_still_for_a_lease_since_it_was_seen()
    {
        var clock = new VirtualClock();
        var watch = new Watch(clock, Lease);
        long Now() => clock.GetTimestamp();

        Assert.Empty(watch.StandingStill([Of(1, counter: 7)], Now(), Now()));
        clock.Advance(Lease - TimeSpan.FromTicks(1));
        Assert.Empty(watch.StandingStill([Of(1, counter: 7)], Now(), Now()));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Single(watch.StandingStill([Of(1, counter: 7)], Now(), Now()));
    }

    [Fact]
    public void A_counter_that_moves_keeps_its_member_however_late_it_is_read()
    {
        var clock = new VirtualClock();
        var watch = new Watch(clock, Lease);
        for (var counter = 1; counter < 20; counter++)
        {
            Assert.Empty(watch.StandingStill([Of(1, counter)], clock.GetTimestamp(), clock.GetTimestamp()));
            clock.Advance(3 * Lease);
        }
    }

    // Broken on purpose: counted up to the answer.
    /// <summary>The watcher itself was stopped between asking and hearing: what it asked before says nothing of the time since.</summary>
    [Fact]
    public void Time_that_the_watcher_was_away_does_not_count()
    {
        var clock = new VirtualClock();
        var watch = new Watch(clock, Lease);
        watch.StandingStill([Of(1, counter: 7)], clock.GetTimestamp(), clock.GetTimestamp());
        var askedAt = clock.GetTimestamp();
        clock.Advance(10 * Lease);

        Assert.Empty(watch.StandingStill([Of(1, counter: 7)], askedAt, clock.GetTimestamp()));
    }

    [Theory]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, true)]
    public void Shards_are_taken_only_of_who_is_down(MemberStatus status, bool isTaken)
    {
        ClusterView view = new(1, [Of(1), Of(2) with { Status = status }], [.. Enumerable.Range(0, 256).Select(shard => new ShardOwner(shard, 1, Five[1]))]);

        var plan = Plan.Of(view, Five[0], new HashSet<int>(), 256);

        Assert.Equal(isTaken, plan.Take.Count > 0);
        Assert.Empty(plan.HandOver);
    }

    [Fact]
    public void Shards_of_nobody_and_of_a_forgotten_member_are_taken_by_whose_they_are_and_nobody_else()
    {
        ClusterView view = new(1, [Of(1), Of(2)], [.. Enumerable.Range(0, 128).Select(shard => new ShardOwner(shard, 3, shard < 64 ? Incarnation.None : Five[4]))]);

        var first = Plan.Of(view, Five[0], new HashSet<int>(), 256).Take.Select(found => found.Shard).ToHashSet();
        var second = Plan.Of(view, Five[1], new HashSet<int>(), 256).Take.Select(found => found.Shard).ToHashSet();

        Assert.Empty(first.Intersect(second));
        Assert.Equal(256, first.Count + second.Count);
    }

    [Fact]
    public void What_has_become_another_members_is_handed_over_and_what_was_lost_is_taken_again()
    {
        ClusterView view = new(1, [Of(1), Of(2)], [.. Enumerable.Range(0, 256).Select(shard => new ShardOwner(shard, 1, Five[0]))]);
        var own = Enumerable.Range(0, 256).Where(shard => Rendezvous.Owner(shard, [Five[0], Five[1]]) == Five[0]).ToList();
        var held = Enumerable.Range(0, 256).Except([own[0]]).ToHashSet();

        var plan = Plan.Of(view, Five[0], held, 256);

        Assert.Equal([own[0]], plan.Take.Select(found => found.Shard));
        Assert.Equal(Enumerable.Range(0, 256).Except(own), plan.HandOver);
    }

    // Broken on purpose: not planned; a shard whose release had failed was nobody's until its old owner died (seed 190).
    [Fact]
    public void What_is_anothers_and_was_not_released_is_given_back()
    {
        ClusterView view = new(1, [Of(1), Of(2)], [.. Enumerable.Range(0, 256).Select(shard => new ShardOwner(shard, 1, Five[0]))]);
        var own = Enumerable.Range(0, 256).Where(shard => Rendezvous.Owner(shard, [Five[0], Five[1]]) == Five[0]).ToHashSet();

        var plan = Plan.Of(view, Five[0], own, 256);

        Assert.Empty(plan.Take);
        Assert.Empty(plan.HandOver);
        Assert.Equal(Enumerable.Range(0, 256).Where(shard => !own.Contains(shard)).Select(shard => new ShardOwner(shard, 1, Five[0])), plan.GiveBack);
    }

    [Fact]
    public void A_member_that_leaves_hands_everything_over()
    {
        ClusterView view = new(1, [Of(1) with { Status = MemberStatus.Leaving }, Of(2)], [.. Enumerable.Range(0, 256).Select(shard => new ShardOwner(shard, 1, Five[0]))]);

        Assert.Equal(256, Plan.Of(view, Five[0], Enumerable.Range(0, 256).ToHashSet(), 256).HandOver.Count);
    }

    private static Member Of(int number, long counter = 1) =>
        new(Five[number - 1], $"http://node{number}", counter, MemberStatus.Up, DateTimeOffset.UnixEpoch, "1");
}
