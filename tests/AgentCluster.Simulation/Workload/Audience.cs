using AgentCluster.Actors;
using AgentCluster.Bridge.Live;
using AgentCluster.Domain;
using AgentCluster.Domain.Projections;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Projections;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Behaviors;
using AgentCluster.TestKit.Simulation;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// Those who read the journal of a run by cursor: listeners, and the projections. In one seed of three, drawn beside the
/// plan, so that the others run as if there were none.
/// </summary>
internal sealed class Audience
{
    private const int MostListeners = 2;
    private const int RingFrames = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly World _world;
    private readonly SimulatedDatabase _database;
    private readonly Dictionary<SimulatedNode, Run> _runs = [];
    private readonly FaultCounts _counts;
    private readonly IReadOnlyList<Listener> _listeners = [];
    private readonly Mutant _runtime;
    private readonly LiveMutant _live;
    private SimulatedCluster _cluster = null!;

    public Audience(World world, SimulatedDatabase database, FaultCounts counts, ulong seed, Mutant runtime, LiveMutant live)
    {
        (_world, _database, _counts, _runtime, _live) = (world, database, counts, runtime, live);
        var random = new SeededRandom(seed ^ 0x6C697374656E);
        if (random.Once(3))
        {
            _listeners = [.. Enumerable.Range(0, 1 + random.Next(MostListeners)).Select(_ => new Listener(world, database, this, new(random.NextBits()), counts))];
        }
    }

    /// <summary>The present run of any node; null while that one is down.</summary>
    public Run? Any() => _cluster.Any() is var node && _runs.TryGetValue(node, out var run) && run.Process == node.Process ? run : null;

    /// <summary>Called in each run of a node once it takes commands.</summary>
    public void NodeIsUp(SimulatedNode node, NodePorts ports, ActorNode actors)
    {
        if (_listeners.Count == 0)
        {
            return;
        }

        var projector = new Projector(ports, ProjectionTables.Name, ProjectionTables.Folds, ProjectionTables.All) { Mutant = _runtime };
        projector.Start();
        var feed = new LiveFeed(ports.Store, actors, ports.Clock, ports.Dispatcher.Answers, ports.Log, RingFrames) { Mutant = _live };
        _runs[node] = new(node.Process!, feed, projector, ports);
    }

    /// <summary>Listens until <see cref="EndAsync"/>.</summary>
    public Task ListenAsync(SimulatedCluster cluster)
    {
        _cluster = cluster;
        return Task.WhenAll(_listeners.Select(listener => _world.Start(listener.ListenAsync)));
    }

    /// <summary>Runs something in a run of the node, over the network.</summary>
    /// <exception cref="ConnectionLostException">That run is over.</exception>
    public static async Task<T> InAsync<T>(SimulatedProcess process, Func<Task<T>> act)
    {
        if (process.IsDead)
        {
            throw new ConnectionLostException();
        }

        var answer = new TaskCompletionSource<T>();
        var stop = process.OnKill(() => answer.TrySetException(new ConnectionLostException()));
        _ = process.Start(async () =>
        {
            try
            {
                answer.TrySetResult(await act());
            }
#pragma warning disable CA1031 // Whatever the node answers goes to the listener.
            catch (Exception error)
#pragma warning restore CA1031
            {
                answer.TrySetException(error);
            }
        });
        try
        {
            return await answer.Task;
        }
        finally
        {
            stop();
        }
    }

    /// <summary>When faults have stopped: everybody hears everything, and what was computed is what the journal says.</summary>
    public async Task EndAsync()
    {
        foreach (var listener in _listeners)
        {
            for (var began = _world.Clock.Elapsed; !await listener.IsUpToDateAsync(); await _world.Pass(BetweenLooks))
            {
                if (_world.Clock.Elapsed - began > Longest)
                {
                    var head = await _database.Data.ReadHeadAsync(CancellationToken.None);
                    throw new ViolationException(
                        "S12 lag", $"a listener has not heard everything {Longest} after the last fault: it {listener}, the journal is at {head}, a node is {(_cluster.IsUp ? "up" : "down")}");
                }
            }

            listener.End();
        }

        if (_listeners.Count > 0)
        {
            await CompareAsync();
        }
    }

    private async Task CompareAsync()
    {
        var head = await _database.Data.ReadHeadAsync(CancellationToken.None);
        for (var began = _world.Clock.Elapsed; !await IsReachedAsync(head) || await HasMovedAsync(head);)
        {
            if (_world.Clock.Elapsed - began > Longest)
            {
                throw new ViolationException("S12 lag", $"the projections have not reached {head} {Longest} after the last fault");
            }

            await _world.Pass(BetweenLooks);
            head = await _database.Data.ReadHeadAsync(CancellationToken.None);
        }

        var again = new MemoryStore(DomainTables.All, _world.Clock);
        for (var shard = 0; shard < head.Cursor.Shards; shard++)
        {
            var events = await _database.Data.ReadEventsAsync(shard, 0, 10_000, CancellationToken.None);
            var lease = (await again.AcquireAsync([shard], new(1), CancellationToken.None))[0];
            await again.CommitAsync(
                [new(lease, 1, [.. events.Select(e => new EventWrite(e.Actor, e.Name, e.At, e.Payload, Replayed: false, e.Channels))], [], [])],
                CancellationToken.None);
        }

        var projector = new Projector(_runs.Values.First().Ports with { Store = again }, ProjectionTables.Name, ProjectionTables.Folds, ProjectionTables.All);
        while (await projector.StepAsync())
        {
        }

        foreach (var table in ProjectionTables.All)
        {
            var (found, expected) = (await ShowAsync(_database.Data, table), await ShowAsync(again, table));
            if (found != expected)
            {
                throw new ViolationException("S12 projection", $"{table.Name} holds\n{found}\nand the journal says\n{expected}");
            }
        }

        _counts.Reached("projected");
    }

    /// <summary>Whether something was written meanwhile, as when an agent that had not beaten went offline.</summary>
    private async Task<bool> HasMovedAsync(JournalHead head) => await _database.Data.ReadHeadAsync(CancellationToken.None) != head;

    private async Task<bool> IsReachedAsync(JournalHead head)
    {
        try
        {
            return Any() is { } run && await InAsync(run.Process, async () =>
            {
                await run.Projector.ReachAsync(head, CancellationToken.None);
                return true;
            });
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>What else runs in a run of a node.</summary>
    internal sealed record Run(SimulatedProcess Process, LiveFeed Feed, Projector Projector, NodePorts Ports);

    private static async Task<string> ShowAsync(MemoryStore store, RowTable table) =>
        RowText.Of((await store.QueryAsync(new(table), CancellationToken.None)).Rows);
}
