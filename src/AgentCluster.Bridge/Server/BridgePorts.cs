using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Cluster;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Upkeep;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>What the bridge reaches the rest of the node through.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Inspector">Looks into actors.</param>
/// <param name="Rows">Committed rows, for lists.</param>
/// <param name="Journal">Committed events, for who listens.</param>
/// <param name="Writes">Tells when this node has written some.</param>
/// <param name="Projections">Tells how far what is computed from the journal is.</param>
/// <param name="Ids">Mints the ids of what callers create.</param>
/// <param name="Clock">Measures how long a cached entry may be used.</param>
/// <param name="Logs">Where bugs are written to.</param>
/// <param name="NotReady">Why the node cannot serve now; null when it can. Asked by <c>/health/ready</c>.</param>
public sealed record BridgePorts(
    IActorClient Actors,
    IActorInspector Inspector,
    IRowReader Rows,
    IJournalReader Journal,
    IJournalSignal Writes,
    IProjections Projections,
    IIdSource Ids,
    TimeProvider Clock,
    ILoggerFactory Logs,
    Func<string?> NotReady)
{
    /// <summary>What the rest of the node measures.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>Looks after the node; null where it keeps no data of its own.</summary>
    public IUpkeep? Upkeep { get; init; }

    /// <summary>How much is written to the log; null where the program that the node is part of says so.</summary>
    public ILogLevel? Log { get; init; }

    /// <summary>The nodes and who owns what.</summary>
    public required IClusterInspector Cluster { get; init; }

    /// <summary>What the node is set to, for people to look at; never a secret.</summary>
    public IReadOnlyList<ConfigEntry> Config { get; init; } = [];
}
