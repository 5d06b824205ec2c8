using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Node;
using AgentCluster.Node.Ports;
using AgentCluster.Node.Settings;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>The runtime with a node's settings, threads and clock, on a store in memory.</summary>
internal sealed class MemoryNode : IAsyncDisposable
{
    private MemoryNode(ActorNode actors) => Actors = actors;

    public ActorNode Actors { get; }

    /// <summary>A store for the actors of a node, and counters.</summary>
    public static MemoryStore Store() => new(Kinds().SelectMany(kind => kind.Tables), TimeProvider.System);

    public static async Task<MemoryNode> StartAsync(IStore store) => new(await ActorNode.StartAsync(
        new(store, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), NullLogger.Instance),
        new NodeSettings().Runtime,
        Kinds(),
        CancellationToken.None));

    /// <summary>One of several: the store is also who the members are.</summary>
    public static async Task<MemoryNode> StartAsync(MemoryStore store, ITransport transport) => new(await ActorNode.StartAsync(
        new(store, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), NullLogger.Instance)
        {
            Members = store,
            Membership = new("", "benchmark", TimeSpan.FromMinutes(5)),
            Transport = transport,
        },
        new NodeSettings().Runtime,
        Kinds(),
        CancellationToken.None));

    public async ValueTask DisposeAsync() => await Actors.DrainAsync(TimeSpan.FromSeconds(10));

    private static ActorKind[] Kinds() =>
        [.. Composition.Kinds(), ActorKind.Of<Counter, CounterState, CounterCommand, CounterEvent>()];
}

/// <summary>The same question to one of some counters. The node ends with it.</summary>
/// <param name="node">Any.</param>
/// <param name="command">What is asked.</param>
/// <param name="actors">Callers are spread over so many.</param>
internal sealed class CounterAsks(MemoryNode node, ICommand<CounterReply> command, int actors) : ISubject
{
    private readonly ActorId[] _counters = [.. Enumerable.Range(0, actors).Select(number => new ActorId(Counter.Kind, $"counter-{number}"))];
    private int _next;

    public async ValueTask<long> DoAsync(int caller)
    {
        var counter = _counters[actors == 1 ? 0 : (uint)Interlocked.Increment(ref _next) % (uint)actors];
        await node.Actors.AskAsync(counter, command, null, CancellationToken.None);
        return Stopwatch.GetTimestamp();
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();
}
