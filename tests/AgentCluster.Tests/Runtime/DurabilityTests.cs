using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Runtime;

/// <summary>P1, P2, P3: durable before heard, one writer, one order.</summary>
public sealed class DurabilityTests
{
    // Broken on purpose: Cell.Answer releasing the reply at once fails this and the next two.
    [Fact]
    public void A_reply_is_heard_only_once_it_is_durable() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var commit = node.Store.HoldCommits();

        var writing = node.Write("a", "x");
        await commit.Reached;
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(writing.IsCompleted);
        Assert.Equal(0, await node.EventsStored());

        commit.Release();
        Assert.Equal(new NotebookReply.Written(1), await writing);
        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void A_read_of_what_is_not_durable_yet_waits_for_it() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var commit = node.Store.HoldCommits();
        var writing = node.Write("a", "x");
        await commit.Reached;

        var reading = node.Lines("a");
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);

        commit.Release();
        Assert.Equal(["x"], await reading);
        Assert.True(writing.IsCompletedSuccessfully);
    });

    // Broken on purpose: Part.Touch leaving what was projected ahead as it was.
    [Fact]
    public void A_row_that_was_made_ready_and_changed_again_is_written_as_it_is_in_the_end() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var commit = node.Store.HoldCommits();
        var first = node.Ask("s", new ShelfCommand.Use("cup"));
        await commit.Reached;
        var second = node.Ask("s", new ShelfCommand.Use("cup"));
        await world.Pass(TimeSpan.FromSeconds(1));
        var third = node.Ask("s", new ShelfCommand.Use("cup"));
        await world.Pass(TimeSpan.FromSeconds(1));
        commit.Release();
        Assert.Equal([1, 2, 3], (await Task.WhenAll(first, second, third)).Select(seen => seen.Uses));

        await node.RestartAsync();

        Assert.Equal(new ShelfReply.Seen(3, true), await node.Ask("s", new ShelfCommand.Look("cup")));
    });

    [Fact]
    public void A_refusal_waits_for_what_it_was_decided_on() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        var commit = node.Store.HoldCommits();
        _ = node.Write("a", "x");
        await commit.Reached;

        var refusing = node.Write("a", "");
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(refusing.IsCompleted);

        commit.Release();
        Assert.IsType<NotebookReply.Refused>(await refusing);
    });

    [Fact]
    public void What_another_owner_has_taken_cannot_be_written_by_the_old_one() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "mine");

        var other = new Incarnation(99);
        await node.Memory.AcquireAsync([0, 1, 2, 3], other, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "zombie"));
        Assert.Equal(Unavailable.NotDone, refused.Why);
        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void Commands_of_one_actor_take_effect_one_at_a_time_in_order() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);

        var replies = await Task.WhenAll(Enumerable.Range(1, 100).Select(i => node.Write("a", $"{i}")));

        Assert.Equal(Enumerable.Range(1, 100), replies.Cast<NotebookReply.Written>().Select(reply => reply.Number));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"{i}"), await node.Lines("a"));
    });

    // Broken on purpose: waiting for each commit before the next turn makes this take 256 latencies.
    [Fact]
    public void Two_hundred_and_fifty_six_commands_to_one_actor_finish_within_two_commit_latencies() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "awake");
        var began = world.Clock.Elapsed;

        await Task.WhenAll(Enumerable.Range(1, 256).Select(i => node.Write("a", $"{i}")));

        Assert.InRange(world.Clock.Elapsed - began, Node.CommitLatency, 2 * Node.CommitLatency);
    });

    // Broken on purpose: the next group gathered as soon as one is written; the two halves went on by turns, in 20 commits.
    [Fact]
    public void Callers_who_met_a_commit_halfway_are_soon_written_together_with_the_others() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => node.Write($"n{i}", "awake")));
        var before = node.Memory.Commits;

        var some = Enumerable.Range(0, 16).Select(WriteTenAsync).ToList();
        await world.Pass(Node.CommitLatency / 2);
        await Task.WhenAll(some.Concat(Enumerable.Range(16, 16).Select(WriteTenAsync)));

        Assert.InRange(node.Memory.Commits - before, 10, 15);

        async Task WriteTenAsync(int notebook)
        {
            for (var line = 0; line < 10; line++)
            {
                await node.Write($"n{notebook}", $"{line}");
            }
        }
    });

    [Fact]
    public void Everything_answered_is_there_after_a_crash() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => node.Write($"n{i % 5}", $"{i}")));

        await node.RestartAsync();

        for (var n = 0; n < 5; n++)
        {
            Assert.Equal(Enumerable.Range(1, 20).Where(i => i % 5 == n).Select(i => $"{i}"), await node.Lines($"n{n}"));
        }
    });

    [Fact]
    public void An_owner_whose_lease_is_not_trusted_answers_no_read_but_tells_what_it_wrote() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 4, LeaseTrust = TimeSpan.FromSeconds(10) });
        await node.Write("a", "x");
        var commit = node.Store.HoldCommits();
        var writing = node.Write("a", "y");
        await commit.Reached;
        var reading = node.Lines("a");

        await world.Pass(TimeSpan.FromSeconds(9.99) - world.Clock.Elapsed);
        Assert.False(writing.IsCompleted);
        await world.Pass(TimeSpan.FromMilliseconds(20));
        commit.Release();

        Assert.Equal(new NotebookReply.Written(2), await writing);
        var refused = await Assert.ThrowsAsync<ActorUnavailableException>(() => reading);
        Assert.Equal(Unavailable.NotReady, refused.Why);
    });

    [Fact]
    public void The_same_seed_runs_the_same_way()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7).Steps, Trace(8).Steps);

        static (long Steps, TimeSpan Elapsed) Trace(ulong seed)
        {
            (long, TimeSpan) trace = default;
            World.Run(async world =>
            {
                var node = await Node.StartAsync(world);
                await Task.WhenAll(Enumerable.Range(1, 50).Select(async i =>
                {
                    await world.Pass(TimeSpan.FromMilliseconds(world.Random.NextDouble() * 40));
                    await node.Ask($"n{i % 7}", new NotebookCommand.Send($"n{i % 3}", $"{i}"));
                }));
                trace = (world.Steps, world.Clock.Elapsed);
            }, seed);
            return trace;
        }
    }
}
