using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain;
using AgentCluster.Domain.Projections;
using AgentCluster.Node;
using AgentCluster.Node.Ports;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Projections;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Bridge;

/// <summary>The real actors on a store in memory, behind a bridge.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private NodeUnderTest(MemoryStore store, FaultyStore faults, ActorNode actors, Projector projector, BridgeUnderTest bridge) =>
        (Store, Faults, Actors, Projector, Bridge) = (store, faults, actors, projector, bridge);

    public MemoryStore Store { get; }

    public FaultyStore Faults { get; }

    public ActorNode Actors { get; }

    public Projector Projector { get; }

    public BridgeUnderTest Bridge { get; }

    public static async Task<NodeUnderTest> StartAsync(
        Func<BridgeOptions, BridgeOptions>? with = null, TimeProvider? clock = null, MemoryStore? on = null)
    {
        var store = on ?? new MemoryStore(DomainTables.All, TimeProvider.System);
        var faults = new FaultyStore(store, TimeProvider.System);
        var ports = new NodePorts(faults, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), NullLogger.Instance);
        var actors = await ActorNode.StartAsync(
            ports,
            new() { Shards = 16 },
            Composition.Kinds(),
            CancellationToken.None);
        var projector = new Projector(ports, ProjectionTables.Name, ProjectionTables.Folds, ProjectionTables.All);
        projector.Start();
        return new(store, faults, actors, projector, await BridgeUnderTest.StartAsync(
            actors, actors, store, with: with, clock: clock, journal: faults, writes: actors, projections: projector, metrics: [.. actors.Metrics, .. projector.Metrics]));
    }

    /// <summary>Creates a task and gives its id.</summary>
    public async Task<string> CreateAsync(string json) =>
        (await Bridge.PostAsync("/api/v1/tasks/", json)).Is(201).Json.GetProperty("id").GetString()!;

    /// <summary>Claims the next task of the default project; gives its id and token.</summary>
    public async Task<(string Task, long Token)> ClaimAsync(string agent, string project = "default")
    {
        var heard = (await Bridge.PostAsync("/api/v1/tasks/claim/", $$"""{"agent":"{{agent}}","project":"{{project}}"}""")).Is(200);
        return (heard.Json.GetProperty("task").GetProperty("id").GetString()!, heard.Json.GetProperty("claim").GetProperty("token").GetInt64());
    }

    /// <summary>All rows of every table, and all events, as text.</summary>
    /// <param name="withAudit">Whether with what the audit noted, which comes half a second after what it is about.</param>
    public async Task<string> DumpAsync(bool withAudit = true)
    {
        // What is computed from the events comes later, whatever is asked meanwhile.
        var computed = ProjectionTables.All.Append(RuntimeTables.Projection);
        var all = new System.Text.StringBuilder();
        foreach (var table in DomainTables.All.Concat(RuntimeTables.All).Except(computed))
        {
            foreach (var row in (await Store.QueryAsync(new RowQuery(table), CancellationToken.None)).Rows)
            {
                all.Append(row.Key).Append(string.Join(',', row.Columns)).Append(System.Text.Encoding.UTF8.GetString(row.Payload.Span));
            }
        }

        for (var shard = 0; shard < 16; shard++)
        {
            foreach (var written in await Store.ReadEventsAsync(shard, 0, 10_000, CancellationToken.None))
            {
                if (!withAudit && written.Name.StartsWith("audit-", StringComparison.Ordinal))
                {
                    continue;
                }

                all.Append(written.Name).Append(System.Text.Encoding.UTF8.GetString(written.Payload.Span));
            }
        }

        return all.ToString();
    }

    /// <summary>The same, once no letter is on its way any more: what was done before goes on by itself for a moment.</summary>
    public async Task<string> SettledAsync(bool withAudit = true)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!patience.IsCancellationRequested)
        {
            await Task.Yield();
            var seen = await DumpAsync(withAudit);
            if (!seen.Contains("Table = outbox", StringComparison.Ordinal) && seen == await DumpAsync(withAudit))
            {
                return seen;
            }
        }

        throw new InvalidOperationException("Expected that no letter is on its way any more; found some for 30 s.");
    }

    /// <summary>Waits until so many follow live events.</summary>
    public Task FollowedAsync(long count) => UntilAsync(
        () => new(((NumberMetric)Bridge.Metrics.Single(metric => metric.Name == "agentcluster.live.subscribers")).Read().Single().Value == count),
        $"{count} follow live events");

    /// <summary>Waits until an agent is shown offline.</summary>
    public Task OfflineAsync(string agent) => UntilAsync(
        async () => (await Bridge.GetAsync($"/api/v1/agents/{agent}")).Is(200).Json.GetProperty("presence").GetString() == "offline", $"'{agent}' is offline");

    private static async Task UntilAsync(Func<ValueTask<bool>> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, $"Expected within 30 s that {what}.");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Bridge.DisposeAsync();
        Projector.Stop();
        await Actors.DrainAsync(TimeSpan.FromSeconds(5));
        await Store.DisposeAsync();
    }
}
