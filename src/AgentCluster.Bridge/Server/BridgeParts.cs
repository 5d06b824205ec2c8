using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Epics;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Keys;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Mailboxes;
using AgentCluster.Bridge.Mcp;
using AgentCluster.Bridge.Metrics;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Queries;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>What guards and routes share: one of each in a bridge.</summary>
/// <param name="options">What the bridge is set to.</param>
/// <param name="ports">The rest of the node.</param>
internal sealed class BridgeParts(BridgeOptions options, BridgePorts ports)
{
    public BridgePorts Ports => ports;

    public HttpMetrics Metrics => field ??= new(ports.Clock, Live);

    /// <summary>What is shown of the node. Asked for when all routes are known.</summary>
    public IReadOnlyList<Metric> Shown => field ??= [.. Metrics.All(), .. ports.Metrics];

    public LiveFeed Live { get; } = new(
        ports.Journal, ports.Writes, ports.Clock, TaskCreationOptions.RunContinuationsAsynchronously, ports.Logs.CreateLogger<LiveFeed>());

    public HistoryQueries History { get; } = new(ports.Rows, ports.Journal, ports.Projections);

    public Reach Reach => field ??= new(Homes, EpicHomes, Signs);

    public DelegationQueries Delegations { get; } = new(ports.Rows);

    public ConflictQueries Conflicts { get; } = new(ports.Rows);

    public AllocationQueries Allocations { get; } = new(ports.Rows);

    public McpSessions McpSessions { get; } = new(ports.Clock);

    public MailWait Waiting => field ??= new(ports.Actors, Live, Signs, ports.Clock, options.MaxListening);

    public int MaxListening => options.MaxListening;

    public TaskQueries Tasks { get; } = new(ports.Rows);

    public Homes Homes { get; } = new(new(ports.Rows), ports.Clock);

    public EpicHomes EpicHomes { get; } = new(new(ports.Rows), ports.Clock);

    public Profiles Profiles { get; } = new(ports.Actors, ports.Clock);

    public Signs Signs { get; } = new(ports.Actors, ports.Clock);

    public AgentHandles Handles { get; } = new(options.Secret);

    public KeySecrets KeySecrets { get; } = new(options.Secret);

    public KeyCache Keys { get; } = new(ports.Actors, ports.Clock);

    public AuditTrail Audit { get; } = new(ports.Actors, ports.Clock, ports.Logs.CreateLogger<AuditTrail>());

    public Rates Rates { get; } = new(options.RequestsPerSecond, ports.Clock);

    /// <summary>Knows whose handle or key a caller presents.</summary>
    public Callers Callers() => new(Handles, Profiles, Keys, Signs, ports.Clock);
}
