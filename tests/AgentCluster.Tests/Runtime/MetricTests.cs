using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Runtime;

/// <summary>What a node says of itself is what happened to it.</summary>
public sealed class MetricTests
{
    // Broken on purpose: counting the events of a part where it is decided shows the failed one as durable.
    [Fact]
    public void Turns_are_counted_when_they_are_taken_and_events_when_they_are_durable() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "x");
        await node.Lines("a");
        node.Store.FailCommits(CommitOutcome.Failed);

        await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "lost"));

        Assert.Equal(3, Read(node, "agentcluster.turns", Notebook.Kind));
        Assert.Equal(1, node.Actors.Metrics.OfType<NumberMetric>().Single(metric => metric.Name == "agentcluster.events").Read().Sum(sample => sample.Value));
        Assert.Equal(1, Read(node, "agentcluster.commits") - Read(node, "agentcluster.commit.failed"));
        Assert.Equal(1, Read(node, "agentcluster.actors.dropped"));
        Assert.Equal((1, 1), Spread(node, "agentcluster.commit.events"));
        Assert.Equal(2, Spread(node, "agentcluster.commit.duration").Count);
        Assert.Equal(3, Spread(node, "agentcluster.mailbox.depth").Count);
    });

    [Fact]
    public void Each_ask_that_failed_is_counted_by_why() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 4, MailboxCapacity = 2 });
        await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "throw"));
        var commit = node.Store.HoldCommits();
        var taken = new[] { node.Write("a", "1"), node.Write("a", "2") };
        await commit.Reached;
        await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "3"));
        commit.Release();
        await Task.WhenAll(taken);
        node.Store.FailCommits(CommitOutcome.Full);
        await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("a", "4"));

        Assert.Equal(1, Read(node, "agentcluster.asks.failed", "faulted"));
        Assert.Equal(1, Read(node, "agentcluster.asks.failed", "overloaded"));
        Assert.Equal(1, Read(node, "agentcluster.asks.failed", "storage_full"));
        Assert.Equal(0, Read(node, "agentcluster.asks.failed", "unknown"));
        Assert.Equal(0, Read(node, "agentcluster.asks.pending"));
    });

    [Fact]
    public void A_lost_answer_and_a_fence_are_seen() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 1 });
        node.Store.LoseAnswers();
        Assert.Equal(new NotebookReply.Written(1), await node.Write("a", "x"));
        var old = node.Actors;
        await node.RestartAsync();

        await Assert.ThrowsAsync<ActorUnavailableException>(
            () => old.AskAsync(new ActorId(Notebook.Kind, "a"), new NotebookCommand.Write("y"), null, CancellationToken.None).AsTask());

        Assert.Equal(1, Value(old.Metrics, "agentcluster.commit.lost.answers"));
        Assert.Equal(1, Value(old.Metrics, "agentcluster.commit.fenced"));
        Assert.Equal(1, Value(old.Metrics, "agentcluster.shards.lost"));
    });

    // Broken on purpose: leaving out the change in Outbox.Acknowledged lets the gauge grow for ever; in Cell.Detach, leaves the quarantined one.
    [Fact]
    public void What_goes_up_and_down_ends_where_it_began() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new NodeOptions { Shards = 1, PassivateAfter = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("ill", "poison"));
        }

        await Assert.ThrowsAsync<ActorUnavailableException>(() => node.Write("ill", "x"));
        var commit = node.Store.HoldCommits();
        var sending = node.Ask("a", new NotebookCommand.Send("b", "hello", Copies: 5));
        await commit.Reached;
        Assert.Equal(5, Read(node, "agentcluster.outbox.pending"));
        Assert.Equal(1, Read(node, "agentcluster.actors.quarantined"));

        commit.Release();
        await sending;
        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(0, Read(node, "agentcluster.outbox.pending"));
        Assert.Equal(1, Read(node, "agentcluster.actors"));
        Assert.True(Read(node, "agentcluster.actors.passivated") >= 2);

        var old = node.Actors;
        await node.RestartAsync();
        await Assert.ThrowsAsync<ActorUnavailableException>(
            () => old.AskAsync(new ActorId(Notebook.Kind, "a"), new NotebookCommand.Write("y"), null, CancellationToken.None).AsTask());
        Assert.Equal(0, Value(old.Metrics, "agentcluster.actors.quarantined"));
    });

    [Fact]
    public void A_value_lies_under_the_bound_that_it_equals_and_above_all_in_the_last_bucket()
    {
        var histogram = new Histogram([10, 20], 0.5);
        foreach (var value in (long[])[0, 10, 11, 20, 21, 1_000])
        {
            histogram.Record(value);
        }

        var counts = new long[3];
        Assert.Equal(531, histogram.AddTo(counts));
        Assert.Equal([2, 2, 2], counts);
        Assert.Equal([5.0, 10.0], histogram.Bounds);
    }

    private static double Read(Node node, string name, params string[] labels) => Value(node.Actors.Metrics, name, labels);

    private static double Value(IReadOnlyList<Metric> metrics, string name, params string[] labels) =>
        metrics.OfType<NumberMetric>().Single(metric => metric.Name == name).Read().Single(sample => sample.Labels.SequenceEqual(labels)).Value;

    private static (long Count, double Sum) Spread(Node node, string name)
    {
        var series = Assert.Single(node.Actors.Metrics.OfType<HistogramMetric>().Single(metric => metric.Name == name).Series);
        var counts = new long[series.Parts[0].Bounds.Count + 1];
        var sum = series.Parts.Sum(part => part.AddTo(counts));
        return (counts.Sum(), sum);
    }
}
