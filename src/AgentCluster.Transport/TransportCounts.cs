using AgentCluster.Actors.Metrics;

namespace AgentCluster.Transport;

/// <summary>What operators see of the transport.</summary>
internal sealed class TransportCounts
{
    public Counter Asked { get; } = new();

    public Counter NotSent { get; } = new();

    public Counter Lost { get; } = new();

    public Counter Refused { get; } = new();

    public IReadOnlyList<Metric> All() =>
    [
        Metric.Counter("agentcluster.transport.asks", "Commands sent to other nodes.", () => Asked.Value),
        Metric.Counter("agentcluster.transport.not_sent", "Commands that could not be sent to another node, and went elsewhere or were refused.", () => NotSent.Value),
        Metric.Counter("agentcluster.transport.lost", "Commands whose answer from another node was lost.", () => Lost.Value),
        Metric.Counter("agentcluster.transport.refused", "Connections to the cluster port that no node of this cluster made, or that broke the protocol.", () => Refused.Value),
    ];
}
