using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.TestKit;

/// <summary>
/// Several nodes for a test: the production runtime, once for each, as members that share one simulated database, without faults
/// unless the test makes them. All time is simulated.
/// </summary>
public sealed class TestCluster
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly SimulatedCluster _nodes;

    private TestCluster(World world, IReadOnlyList<ActorKind> kinds, int nodes, NodeOptions options, bool isWired)
    {
        World = world;
        Counts = new();
        Network = isWired ? new(world, new SeededRandom(world.Seed, world.Guard)) : null;
        Database = new(world, kinds.SelectMany(kind => kind.Tables), new FaultPlan(), Counts);
        _nodes = new(world, [.. Enumerable.Range(1, nodes).Select(number => new SimulatedNode(world, Database, options, kinds)
        {
            Membership = new($"node{number}", "test", Lease),
            Network = Network,
        })]);
    }

    /// <summary>How long a node may be silent before the others take its shards.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(6);

    /// <summary>Its clock and its chance.</summary>
    public World World { get; }

    /// <summary>What is durable, and the moment at which something becomes so.</summary>
    public SimulatedDatabase Database { get; }

    /// <summary>What was reached: <c>fenced</c>, for example, when somebody wrote who was not the owner any more.</summary>
    public FaultCounts Counts { get; }

    /// <summary>What lies between the nodes; null where callers go to the owner themselves.</summary>
    public SimulatedNetwork? Network { get; }

    /// <summary>To kill, freeze, cut off and drain.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes.Nodes;

    /// <summary>Runs a test on nodes that have shared the shards out.</summary>
    /// <param name="kinds">Their actors; their tables come with them.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="test">Gets the nodes; its awaits are simulated.</param>
    /// <param name="seed">Chooses the order of things.</param>
    /// <param name="isWired">Whether nodes send on what others own; otherwise they name the owner.</param>
    public static void Run(IReadOnlyList<ActorKind> kinds, int nodes, Func<TestCluster, Task> test, ulong seed = 1, bool isWired = false) => World.Run(
        async world =>
        {
            var cluster = new TestCluster(world, kinds, nodes, new NodeOptions { Shards = 16 }, isWired);
            foreach (var node in cluster.Nodes)
            {
                node.Start();
            }

            // Whoever comes last gets its share of the others before it has watched them for a lease.
            await world.Pass(2 * Lease);
            await test(cluster);
        },
        seed);

    /// <summary>Asks any node, and the one that it names.</summary>
    /// <inheritdoc cref="SimulatedCluster.AskAsync"/>
    public Task<TReply> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id = null) =>
        _nodes.AskAsync(actor, command, id);

    /// <summary>The node that answers for an actor; waits while none does.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="butNot">A node that it is not; null for whichever it is.</param>
    /// <exception cref="InvalidOperationException">There is none for five minutes.</exception>
    public async Task<SimulatedNode> OwnerOfAsync(ActorId actor, SimulatedNode? butNot = null)
    {
        for (var began = World.Clock.Elapsed; World.Clock.Elapsed - began < Longest; await World.Pass(BetweenLooks))
        {
            if (Nodes.FirstOrDefault(node => node != butNot && node.AnswersFor(actor)) is { } owner)
            {
                return owner;
            }
        }

        throw new InvalidOperationException($"Expected a node that answers for {actor}, found none for {Longest}.");
    }
}
