using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Sharding;

namespace AgentCluster.Runtime.Metrics;

/// <summary>What a node measures of its actors, by name.</summary>
/// <param name="kinds">All.</param>
/// <param name="lanes">All.</param>
/// <param name="asks">Those who wait.</param>
/// <param name="committer">What writes.</param>
/// <param name="commits">What became of it.</param>
internal sealed class RuntimeMetrics(
    IReadOnlyList<NodeKind> kinds,
    IReadOnlyList<LaneShards> lanes,
    AskBound asks,
    Committer committer,
    CommitCounts commits)
{
    public IReadOnlyList<Metric> All() => [.. Turns(), .. Actors(), .. Commits()];

    private IEnumerable<Metric> Turns() =>
    [
        Metric.Counter("agentcluster.turns", "Commands that actors decided.", ["kind"], () => kinds.Select(kind =>
            new Sample([kind.Name], Sum(lane => Volatile.Read(ref lane.Turns[kind.Number]))))),
        Metric.Counter("agentcluster.events", "Events that became durable.", ["event", "cause"], Events),
        Metric.Gauge("agentcluster.asks.pending", "Commands from outside that wait for their answer on this node.", () => asks.Waiting),
        Metric.Counter("agentcluster.asks.failed", "Commands from outside that were not answered by a reply, by why.", ["reason"], asks.Counts.Read),
        Metric.Histogram(
            "agentcluster.mailbox.depth",
            "How many commands waited at an actor when one more came from outside.",
            [.. lanes.Select(lane => lane.Counts.MailboxDepth)]),
    ];

    private IEnumerable<Metric> Actors() =>
    [
        Metric.Gauge("agentcluster.shards.owned", "Shards that this node may write.", () => lanes.Sum(lane => lane.Shards.Count(shard => shard.IsOwned))),
        Metric.Counter("agentcluster.shards.lost", "Shards that had to be acquired anew.", () => Sum(lane => lane.ShardsLost)),
        Metric.Gauge("agentcluster.actors", "Actors in memory.", () => lanes.Sum(lane => lane.Shards.Sum(shard => shard.Actors))),
        Metric.Gauge("agentcluster.actors.recovering", "Actors that are read from the store, or wait for it.", () => lanes.Sum(lane => lane.Recoveries.Waiting)),
        Metric.Gauge("agentcluster.actors.quarantined", "Actors that failed too often and wait for an operator.", () => Sum(lane => lane.Quarantined)),
        Metric.Counter("agentcluster.actors.activated", "Recoveries of actors that ended well.", () => Sum(lane => lane.Activations)),
        Metric.Counter("agentcluster.actors.passivated", "Idle actors that left memory.", () => Sum(lane => lane.Passivations)),
        Metric.Counter("agentcluster.actors.dropped", "Actors whose state was given up and recovered, because of a failure.", () => Sum(lane => lane.Drops)),
        Metric.Gauge("agentcluster.outbox.pending", "Letters between actors that are decided and not yet acknowledged.", () => Sum(lane => lane.Letters)),
        Metric.Counter("agentcluster.parked", "Letters and timers that were set aside because deciding them failed three times.", () => Sum(lane => lane.Parked)),
        Metric.Gauge("agentcluster.timers", "Timers that are set.", () => lanes.Sum(lane => lane.Lane.Timers.Count)),
    ];

    private IEnumerable<Metric> Commits() =>
    [
        Metric.Counter("agentcluster.commits", "Groups that were committed.", () => committer.Groups),
        Metric.Histogram("agentcluster.commit.duration", "How long the store took to write a group.", commits.Duration) with { Unit = "s" },
        Metric.Histogram("agentcluster.commit.events", "How many events were in a group.", commits.Size),
        Metric.Counter("agentcluster.commit.lost.answers", "Groups whose answer was lost, so that it had to be found out what became of them.", () => commits.LostAnswers.Value),
        Metric.Counter("agentcluster.commit.fenced", "Batches that were refused because another process owns their shard.", () => commits.Fenced.Value),
        Metric.Counter("agentcluster.commit.busy", "Groups that the store could not take at once.", () => commits.Busy.Value),
        Metric.Counter("agentcluster.commit.failed", "Groups that were certainly not written.", () => commits.Failed.Value),
    ];

    private IEnumerable<Sample> Events() => lanes
        .SelectMany(lane => lane.Counts.Events)
        .GroupBy(counted => counted.What, counted => counted.Many)
        .OrderBy(same => same.Key)
        .Select(same => new Sample([same.Key.Name, same.Key.Cause], same.Sum()));

    private long Sum(Func<LaneCounts, long> one)
    {
        var sum = 0L;
        foreach (var lane in lanes)
        {
            sum += one(lane.Counts);
        }

        return sum;
    }
}
