using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Audit;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Keys;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.Projections;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Node.Data;
using AgentCluster.Node.Forecasts;
using AgentCluster.Node.Metrics;
using AgentCluster.Node.Ports;
using AgentCluster.Node.Settings;
using AgentCluster.Node.Telemetry;
using AgentCluster.Node.Upkeep;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Projections;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using AgentCluster.Transport;
using AgentCluster.Workers.Git;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node;

/// <summary>A running node: the one place where all parts meet.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private readonly OpenStore _store;
    private readonly ActorNode _actors;
    private readonly Projector _projector;
    private readonly BridgeServer _bridge;
    private readonly OtlpExport? _otlp;
    private readonly ClusterTransport? _transport;
    private readonly ForecastWorker? _forecasts;
    private volatile bool _draining;

    private static string Version { get; } = typeof(Composition).Assembly.GetName().Version?.ToString(3) ?? "0";

    private Composition(
        OpenStore store, ActorNode actors, Projector projector, BridgeServer bridge, OtlpExport? otlp, ClusterTransport? transport, ForecastWorker? forecasts) =>
        (_store, _actors, _projector, _bridge, _otlp, _transport, _forecasts) = (store, actors, projector, bridge, otlp, transport, forecasts);

    /// <summary>How long a drain takes at most: a supervisor may kill what has not ended 10 seconds after its signal.</summary>
    public static TimeSpan DrainWithin { get; } = TimeSpan.FromSeconds(8);

    /// <summary>Completes when the cluster wants this node to leave: drain it then.</summary>
    public Task AskedToEnd => _actors.AskedToEnd;

    /// <summary>Where it listens.</summary>
    public Uri Address => _bridge.Address;

    /// <summary>Sends commands to its actors.</summary>
    public IActorClient Actors => _actors;

    /// <summary>Completes when the data was taken away from under the node, with what was found: then it must end.</summary>
    public Task<string> DataLost => _store.Lost;

    /// <summary>Where everything is kept.</summary>
    public string Place => _store.Place;

    /// <summary>What "acknowledged" means there.</summary>
    public string Durability => _store.Durability;

    /// <summary>Opens the store, starts the actors, and then listens.</summary>
    /// <param name="configuration">What it is set to.</param>
    /// <param name="logs">Where all parts write to.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="wrap">Stands between the actors and their store, where one measures with a slower one; null in a product.</param>
    /// <param name="level">Turns the log up and down; null where that is another program's to say.</param>
    public static async Task<Composition> StartAsync(
        Configuration configuration, ILoggerFactory logs, CancellationToken cancellationToken, Func<IStore, IStore>? wrap = null, ILogLevel? level = null)
    {
        var settings = configuration.Settings;
        var tls = TlsCertificate.Load(settings.Http);
        var peerTls = PeerCertificates.Load(settings.Cluster);
        var open = await OpenStore.OpenAsync(settings, logs, cancellationToken);
        ClusterTransport? transport = null;
        try
        {
            transport = open.Store is IMembers ? Transport(settings.Cluster, open.Secret, peerTls, logs) : null;
            var store = open.Store;
            var ports = new NodePorts(wrap?.Invoke(store) ?? store, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), logs.CreateLogger<ActorNode>())
            {
                Tracing = new CommandTracing(),
                Members = store as IMembers,
                Membership = new(settings.ClusterAddress, Version, settings.Cluster.Lease),
                Transport = transport,
            };
            var actors = await ActorNode.StartAsync(
                ports,
                settings.Runtime,
                Kinds(),
                cancellationToken);

            var projector = new Projector(ports, ProjectionTables.Name, ProjectionTables.Folds, ProjectionTables.All);
            projector.Start();

            var node = new Ready();
            var bridge = await BridgeServer.StartAsync(
                Options(settings.Http, open.Secret, tls),
                new(actors, actors, store, store, actors, projector, new UlidSource(TimeProvider.System, SystemRandom.Fill), TimeProvider.System, logs, node.NotReady)
                {
                    Config = configuration.Entries,
                    Upkeep = Upkeep(configuration, open, actors, logs),
                    Log = level,
                    Cluster = actors,
                    Metrics = [.. actors.Metrics, .. projector.Metrics, .. transport?.Metrics ?? [], .. ProcessMetrics.All],
                },
                cancellationToken);
            open.Announce(bridge.Address);
            var otlp = OtlpExport.Start(settings.Otlp, actors.Incarnation.Value.ToString("x32", CultureInfo.InvariantCulture), bridge.Metrics);
            return node.Composition = new(open, actors, projector, bridge, otlp, transport, Forecasts(settings.Git, open, actors, logs));
        }
        catch
        {
            await (transport?.DisposeAsync() ?? default);
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets what was asked end, gives everything back, and stops. What was answered is durable whatever happens here.</summary>
    /// <param name="within">How long this may take.</param>
    public async Task DrainAsync(TimeSpan within)
    {
        _draining = true;
        using var patience = new CancellationTokenSource(within / 2);
        await (_forecasts?.DisposeAsync() ?? default);
        await _bridge.StopAsync(patience.Token);
        _projector.Stop();
        await _actors.DrainAsync(within / 2);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_forecasts?.DisposeAsync() ?? default);
        await _bridge.DisposeAsync();
        await (_transport?.DisposeAsync() ?? default);
        _otlp?.Dispose();
        await _store.DisposeAsync();
    }

    /// <summary>Every kind of actor.</summary>
    internal static ActorKind[] Kinds() =>
    [
        ActorKind.OfRows<TaskRegistryBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>(TaskRegistryTables.All),
        ActorKind.Of<AgentBehavior, AgentState, AgentCommand, AgentEvent>(AgentTables.All),
        ActorKind.Of<DetectorBehavior, DetectorState, DetectorCommand, DetectorEvent>(DetectorTables.All),
        ActorKind.Of<PoolBehavior, PoolState, PoolCommand, PoolEvent>(PoolTables.All),
        ActorKind.Of<PolicyBehavior, PolicyState, PolicyCommand, PolicyEvent>([]),
        ActorKind.Of<KeysBehavior, KeysState, KeysCommand, KeysEvent>([]),
        ActorKind.Of<AuditBehavior, AuditState, AuditCommand, AuditEvent>([]),
    ];

    private static NodeUpkeep Upkeep(Configuration configuration, OpenStore open, ActorNode actors, ILoggerFactory logs) => new(
        open.Own is var (directory, store)
            ? new(directory, store, new(store, directory, configuration.Settings.Data.Backups ?? Path.Combine(directory, "backups"), TimeProvider.System, logs.CreateLogger<Backups>()))
            : null,
        open.Store as PostgresStore,
        actors,
        configuration.Entries,
        () => Environment.GetEnvironmentVariables().Keys.Cast<string>());

    private static ClusterTransport Transport(ClusterSettings cluster, byte[] secret, PeerTls? tls, ILoggerFactory logs) => new(
        new(new(cluster.Host, cluster.Port), secret) { Address = cluster.PeerAddress, Tls = tls },
        TimeProvider.System,
        logs.CreateLogger<ClusterTransport>());

    private static ForecastWorker? Forecasts(GitSettings settings, OpenStore open, ActorNode actors, ILoggerFactory logs)
    {
        if (!settings.Watch)
        {
            return null;
        }

        var log = logs.CreateLogger<ForecastWorker>();
        if (GitProgram.Find() is not { } program)
        {
            log.NoGit();
            return null;
        }

        var worker = new ForecastWorker(program, settings, alone: open.Own is not null, open.Store, actors, TimeProvider.System, log);
        worker.Start();
        return worker;
    }

    private static BridgeOptions Options(HttpSettings http, byte[] secret, ServerCertificate? tls) => new(new(http.Host, http.Port), secret)
    {
        MaxConnections = http.MaxConnections,
        Keys = http.Keys,
        Hosts = http.Hosts,
        Tls = tls,
        TrustedProxy = http.TrustedProxy,
        RequestsPerSecond = http.RequestsPerSecond,
    };

    /// <summary>What <c>/health/ready</c> says.</summary>
    private sealed class Ready
    {
        public Composition? Composition { get; set; }

        public string? NotReady() => Composition switch
        {
            null => "The node is starting.",
            { _draining: true } => "The node is draining.",
            _ => null,
        };
    }
}
