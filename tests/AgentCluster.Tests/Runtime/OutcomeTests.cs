using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Tests.Runtime;

/// <summary>P7 and P8: done, certainly not done and unknown are three different answers, and a failure costs what was built on it.</summary>
public sealed class OutcomeTests
{
    // Broken on purpose: not withdrawing the open part in Cell.Detach writes "later" on a state that never was.
    [Fact]
    public void A_failed_commit_drops_exactly_what_was_built_on_it() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, elsewhere) = node.Names();
        await Task.WhenAll(node.Write(one, "1"), node.Write(neighbour, "1"), node.Write(elsewhere, "1"));

        var hold = node.Store.HoldCommits();
        var blocked = node.Write(elsewhere, "2");
        await hold.Reached;
        // In the next group: what fails. In the one after it: what was built on it, and what was not.
        var fail = node.Store.FailCommits(CommitOutcome.Failed);
        var failing = node.Write(one, "2");
        var reading = node.Lines(one);
        hold.Release();
        await blocked;
        await fail.Reached;

        Assert.Equal(Unavailable.NotDone, (await Assert.ThrowsAsync<ActorUnavailableException>(() => failing)).Why);
        Assert.Equal(Unavailable.NotDone, (await Assert.ThrowsAsync<ActorUnavailableException>(() => reading)).Why);
        Assert.Equal(new NotebookReply.Written(2), await node.Write(neighbour, "2"));
        Assert.Equal(["1"], await node.Lines(one));
        Assert.Equal(["1", "2"], await node.Lines(elsewhere));
        Assert.Equal(new NotebookReply.Written(2), await node.Write(one, "again"));
    });

    // Broken on purpose: leaving the part in the open batch when its cell is dropped writes "3" without a "2".
    [Fact]
    public void A_turn_decided_on_a_failing_one_fails_with_it_and_the_turn_beside_it_does_not() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, _) = node.Names();
        await Task.WhenAll(node.Write(one, "1"), node.Write(neighbour, "1"));
        var fail = node.Store.FailCommits(CommitOutcome.Failed, after: TimeSpan.FromSeconds(1));

        var first = node.Write(one, "2");
        await fail.Reached;
        var built = node.Write(one, "3");
        var beside = node.Write(neighbour, "2");

        Assert.Equal(Unavailable.NotDone, (await Assert.ThrowsAsync<ActorUnavailableException>(() => first)).Why);
        Assert.Equal(Unavailable.NotDone, (await Assert.ThrowsAsync<ActorUnavailableException>(() => built)).Why);
        Assert.Equal(new NotebookReply.Written(2), await beside);
        await node.RestartAsync();
        Assert.Equal(["1"], await node.Lines(one));
    });

    [Fact]
    public void A_shard_that_is_lost_takes_all_its_unsent_turns_with_it() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, _) = node.Names();
        await Task.WhenAll(node.Write(one, "1"), node.Write(neighbour, "1"));
        var slow = node.Store.DelayCommits(TimeSpan.FromSeconds(1), when: batches => batches.Any(batch =>
            batch.Events.Any(written => written.Actor.Name == one)));

        var first = node.Write(one, "2");
        await slow.Reached;
        // These gather while the first is in flight: the one on its state, the other beside it.
        var built = node.Write(one, "3");
        var beside = node.Write(neighbour, "2");
        await node.Memory.AcquireAsync([node.Shard(one)], new(99), CancellationToken.None);

        await Assert.ThrowsAsync<ActorUnavailableException>(() => first);
        await Assert.ThrowsAsync<ActorUnavailableException>(() => built);
        await Assert.ThrowsAsync<ActorUnavailableException>(() => beside);
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(["1"], await node.Lines(one));
        Assert.Equal(["1"], await node.Lines(neighbour));
    });

    [Fact]
    public void A_lost_answer_of_a_commit_that_was_written_is_heard_as_done() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var lost = node.Store.LoseAnswers();

        Assert.Equal(new NotebookReply.Written(1), await node.Write("a", "x"));

        Assert.Equal(1, lost.Used);
        Assert.Equal(1, await node.EventsStored());
        Assert.Equal(["x"], await node.Lines("a"));
    });

    // Broken on purpose: sending a batch again without reading the lease row first doubles nothing (the fence), but
    // treating that fence as "not done" answers not_done for a written command: this test and the one above fail.
    [Fact]
    public void A_lost_request_is_sent_again_and_written_once() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var lost = node.Store.FailCommits(CommitOutcome.Unknown);

        Assert.Equal(new NotebookReply.Written(1), await node.Write("a", "x"));

        Assert.Equal(1, lost.Used);
        Assert.Equal(2, node.Store.Commits);
        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void An_orphaned_statement_that_lands_late_is_waited_out() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var orphan = node.Store.OrphanCommits();

        var writing = node.Write("a", "x");
        await orphan.Reached;
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(writing.IsCompleted);
        orphan.Release();

        Assert.Equal(new NotebookReply.Written(1), await writing);
        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void What_cannot_be_settled_is_heard_as_unknown_and_the_shard_is_acquired_before_it_is_read() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 4, SettleWindow = TimeSpan.FromSeconds(3) });
        await node.Write("a", "x");
        var epoch = (await node.Memory.SettleAsync(node.Shard("a"), CancellationToken.None)).Epoch;
        var lost = node.Store.LoseAnswers();
        var silent = node.Store.FailCalls(StoreCall.Settle, int.MaxValue);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => node.Write("a", "y"));
        Assert.Equal(1, lost.Used);
        silent.End();
        await world.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(["x", "y"], await node.Lines("a"));
        Assert.Equal(epoch + 1, (await node.Memory.SettleAsync(node.Shard("a"), CancellationToken.None)).Epoch);
    });

    [Fact]
    public void A_busy_store_is_asked_again_without_the_caller_noticing() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var busy = node.Store.FailCommits(CommitOutcome.Busy, times: 3);

        Assert.Equal(new NotebookReply.Written(1), await node.Write("a", "x"));

        Assert.Equal(3, busy.Used);
        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void A_full_disk_is_told_as_such_and_ends_when_there_is_room() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "x");
        node.Store.FailCommits(CommitOutcome.Full);

        var full = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "y"));

        Assert.Equal(Unavailable.StorageFull, full.Why);
        Assert.Equal(["x"], await node.Lines("a"));
        Assert.Equal(new NotebookReply.Written(2), await node.Write("a", "y"));
    });

    // Broken on purpose: failing the whole refused group instead of splitting it fails the neighbours here.
    [Fact]
    public void A_data_error_costs_one_actor_and_nobody_else() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var (one, neighbour, elsewhere) = node.Names();
        await Task.WhenAll(node.Lines(one), node.Lines(neighbour), node.Lines(elsewhere));
        var refuse = node.Store.RefuseActor(new(Notebook.Kind, one));

        var culprit = node.Write(one, "x");
        var others = new[] { node.Write(neighbour, "x"), node.Write(elsewhere, "x"), node.Write(neighbour, "y") };

        Assert.Equal([1, 1, 2], (await Task.WhenAll(others)).Cast<NotebookReply.Written>().Select(reply => reply.Number));
        Assert.Equal(Unavailable.NotDone, (await Assert.ThrowsAsync<ActorUnavailableException>(() => culprit)).Why);
        Assert.True(refuse.Used >= 2);
        refuse.End();
        Assert.Equal(new NotebookReply.Written(1), await node.Write(one, "z"));
        Assert.Equal(4, await node.EventsStored());
    });

    [Fact]
    public void A_caller_hears_unknown_when_its_decided_turn_is_not_confirmed_in_time() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var commit = node.Store.HoldCommits();
        var writing = node.Write("a", "x");
        await commit.Reached;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => writing);
        commit.Release();
        Assert.Equal(["x"], await node.Lines("a"));
    });

    [Fact]
    public void A_caller_hears_not_done_when_its_turn_never_came() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var load = node.Store.HoldCalls(StoreCall.Load);

        var late = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "x"));
        Assert.Equal(Unavailable.NotReady, late.Why);

        load.Release();
        Assert.Empty(await node.Lines("a"));
        Assert.Equal(0, await node.EventsStored());
    });
}
