using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit.Probes;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.TestKit;

/// <summary>
/// A node for a test: the production runtime with the test's kinds of actors, on a simulated database, without faults
/// unless the test makes them. All time is simulated.
/// </summary>
public sealed class TestNode
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private readonly List<ActorKind> _kinds;

    private TestNode(World world, IEnumerable<ActorKind> kinds, NodeOptions options)
    {
        World = world;
        _kinds = [.. kinds];
        Database = new(world, _kinds.SelectMany(kind => kind.Tables), new FaultPlan(), new FaultCounts());
        Log = new(world);
        EventFilter = new(world, Log);
        Node = new(world, Database, options, _kinds) { Log = Log };
    }

    /// <summary>Its clock and its chance.</summary>
    public World World { get; }

    /// <summary>What is durable, and the moment at which something becomes so.</summary>
    public SimulatedDatabase Database { get; }

    /// <summary>The node itself: to kill, freeze and drain.</summary>
    public SimulatedNode Node { get; }

    /// <summary>What it logged.</summary>
    public TestLog Log { get; }

    /// <summary>Expects lines of <see cref="Log"/>.</summary>
    public EventFilter EventFilter { get; }

    /// <summary>Runs a test on a node that is up.</summary>
    /// <param name="kinds">Its actors; their tables come with them.</param>
    /// <param name="test">Gets the node; its awaits are simulated.</param>
    /// <param name="seed">Chooses the order of things.</param>
    /// <param name="options">Bounds and times; null for the defaults.</param>
    public static void Run(IEnumerable<ActorKind> kinds, Func<TestNode, Task> test, ulong seed = 1, NodeOptions? options = null) =>
        World.Run(
            async world =>
            {
                var node = new TestNode(world, kinds, options ?? new NodeOptions());
                await node.RestartAsync();
                await test(node);
            },
            seed);

    /// <summary>Asks over the simulated network.</summary>
    /// <inheritdoc cref="SimulatedNode.AskAsync"/>
    public Task<TReply> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id = null) =>
        Node.AskAsync(actor, command, id);

    /// <summary>A probe that sends to this node.</summary>
    public TestProbe Probe() => new(World) { Node = Node };

    /// <summary>Restarts the node with a probe in the place of one of its kinds.</summary>
    /// <param name="kind">The kind's name.</param>
    /// <exception cref="ArgumentException">The node has no such kind.</exception>
    public async Task<TestProbe> ProbeInPlaceOfAsync(string kind)
    {
        var at = _kinds.FindIndex(known => known.Name == kind);
        if (at < 0)
        {
            throw new ArgumentException($"Expected one of {string.Join(", ", _kinds.Select(known => known.Name))}, found '{kind}'.", nameof(kind));
        }

        var probe = Probe();
        _kinds[at] = probe.InPlaceOf(_kinds[at]);
        await RestartAsync();
        return probe;
    }

    /// <summary>Restarts the node with a probe as one more kind of actors.</summary>
    /// <param name="kind">The first half of their addresses.</param>
    /// <param name="commands">How the commands are written that it receives.</param>
    public async Task<TestProbe> ProbeAsAsync(string kind, NamedJson commands)
    {
        var probe = Probe();
        _kinds.Add(probe.As(kind, commands));
        await RestartAsync();
        return probe;
    }

    /// <summary>kill -9, if it runs, and a new run on the same data. Commands are taken when this returns.</summary>
    public async Task RestartAsync()
    {
        Node.Start();
        await Probe().AwaitConditionAsync(() => Node.IsUp, LongestStart, TimeSpan.FromMilliseconds(10));
    }
}
