using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Tests.Runtime;

/// <summary>P8 and P9: a bug stays small, and everything has a bound.</summary>
public sealed class SupervisionTests
{
    [Fact]
    public void A_decision_that_throws_answers_an_error_and_changes_nothing() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "x");

        var fault = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "throw"));

        Assert.Equal(Unavailable.Faulted, fault.Why);
        Assert.Equal(new NotebookReply.Written(2), await node.Write("a", "y"));
    });

    [Fact]
    public void An_event_that_cannot_be_applied_drops_its_actor_and_nobody_else() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, _) = node.Names();
        await Task.WhenAll(node.Write(one, "x"), node.Write(neighbour, "x"));

        var poisoned = node.Write(one, "poison");
        var beside = node.Write(neighbour, "y");

        Assert.Equal(Unavailable.Faulted, (await Assert.ThrowsAsync<ActorUnavailableException>(() => poisoned)).Why);
        Assert.Equal(new NotebookReply.Written(2), await beside);
        Assert.Equal(["x"], await node.Lines(one));
    });

    // Broken on purpose: carrying no failures over to the fresh cell in Shard.Replace lets it fail for ever.
    [Fact]
    public void An_actor_that_fails_three_times_is_quarantined_and_seen() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, _) = node.Names();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write(one, "poison"));
        }

        var refused = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write(one, "x"));

        Assert.Equal(Unavailable.Quarantined, refused.Why);
        Assert.Equal("quarantined", (await node.Actors.InspectAsync(new ActorId(Notebook.Kind, one), CancellationToken.None))!.Status);
        Assert.Equal([new ActorId(Notebook.Kind, one)], (await node.Actors.InspectAsync(CancellationToken.None)).Quarantined);
        Assert.Equal(new NotebookReply.Written(1), await node.Write(neighbour, "x"));
    });

    [Fact]
    public void A_store_that_cannot_be_read_is_nobodys_failure() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var away = node.Store.FailCalls(StoreCall.Load, times: 5);

        Assert.Equal(new NotebookReply.Written(1), await node.Write("a", "x"));
        Assert.Equal(5, away.Used);
    });

    [Fact]
    public void One_command_more_than_a_mailbox_holds_is_refused_at_once() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 4, MailboxCapacity = 10 });
        var commit = node.Store.HoldCommits();
        var taken = Enumerable.Range(1, 10).Select(i => node.Write("a", $"{i}")).ToArray();
        await commit.Reached;

        var refused = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "11"));
        Assert.Equal(Unavailable.Overloaded, refused.Why);
        commit.Release();
        Assert.All(await Task.WhenAll(taken), reply => Assert.IsType<NotebookReply.Written>(reply));
        Assert.Equal(new NotebookReply.Written(11), await node.Write("a", "11"));
    });

    [Fact]
    public void One_command_more_than_a_node_holds_is_refused_at_once() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 4, MaxPending = 20 });
        var asked = Enumerable.Range(1, 25).Select(i => node.Write($"n{i}", "x")).ToArray();

        var refused = asked.Where(ask => ask.IsFaulted).ToArray();
        Assert.Equal(5, refused.Length);
        foreach (var ask in refused)
        {
            Assert.Equal(Unavailable.Overloaded, (await Assert.ThrowsAsync<ActorUnavailableException>(() => ask)).Why);
        }

        await Task.WhenAll(asked.Except(refused));
    });

    [Fact]
    public void What_does_not_fit_into_one_batch_goes_into_the_next() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 1, BatchTurns = 8 });
        var largest = 0;
        node.Store.FailCommits(CommitOutcome.Busy, times: 0, when: batches =>
        {
            largest = Math.Max(largest, batches.Sum(batch => batch.Events.Count));
            return false;
        });

        await Task.WhenAll(Enumerable.Range(1, 100).Select(i => node.Write($"n{i % 10}", $"{i}")));

        Assert.Equal(100, await node.EventsStored());
        Assert.True(node.Store.Commits >= 100 / 8);
    });

    [Fact]
    public void A_drained_node_has_answered_everything_and_owns_nothing() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var writing = Enumerable.Range(1, 50).Select(i => node.Write($"n{i % 7}", $"{i}")).ToArray();
        await world.Pass(TimeSpan.FromMilliseconds(1));

        var drained = node.Actors.DrainAsync(TimeSpan.FromSeconds(5)).AsTask();
        var refused = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("n1", "late"));

        Assert.True(await drained);
        Assert.Equal(Unavailable.NotReady, refused.Why);
        Assert.All(writing, ask => Assert.True(ask.IsCompletedSuccessfully));
        Assert.Equal(Incarnation.None, (await node.Memory.SettleAsync(0, CancellationToken.None)).Owner);
        Assert.Equal(50, await node.EventsStored());
    });
}
