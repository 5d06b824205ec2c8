using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;
using AgentCluster.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Runtime;

/// <summary>One node with notebooks and shelves in a world of its own, on a store that can be made to fail. It can be killed and started again.</summary>
internal sealed class Node
{
    public static readonly TimeSpan CommitLatency = TimeSpan.FromMilliseconds(10);

    private readonly NodeOptions _options;

    private Node(World world, NodeOptions options)
    {
        World = world;
        _options = options;
        Memory = new([Shelf.Things], world.Clock)
        {
            RequestLeg = CommitLatency / 2,
            ReplyLeg = CommitLatency / 2,
        };
        Store = new(Memory, world.Clock);
    }

    public World World { get; }

    public MemoryStore Memory { get; }

    public FaultyStore Store { get; }

    public ActorNode Actors { get; private set; } = null!;

    public static async Task<Node> StartAsync(World world, NodeOptions? options = null)
    {
        var node = new Node(world, options ?? new NodeOptions { Shards = 4 });
        await node.RestartAsync();
        return node;
    }

    /// <summary>As after kill -9: a new process on the same store. Of the old one nothing is heard any more.</summary>
    public async Task RestartAsync() => Actors = await ActorNode.StartAsync(
        new(Store, World, World.Clock, World.Random, NullLogger.Instance),
        _options,
        [
            ActorKind.Of<Notebook, NotebookState, NotebookCommand, NotebookEvent>(),
            ActorKind.OfRows<Shelf, ShelfState, ShelfCommand, ShelfEvent>(Shelf.Things),
        ],
        CancellationToken.None);

    public Task<NotebookReply> Write(string notebook, string line, CommandId? id = null) =>
        Ask(notebook, new NotebookCommand.Write(line), id);

    public async Task<IReadOnlyList<string>> Lines(string notebook) =>
        ((NotebookReply.Read)await Ask(notebook, new NotebookCommand.Read())).Lines;

    public Task<NotebookReply> Ask(string notebook, ICommand<NotebookReply> command, CommandId? id = null) =>
        Actors.AskAsync(new(Notebook.Kind, notebook), command, id, CancellationToken.None).AsTask();

    public async Task<ShelfReply.Seen> Ask(string shelf, ICommand<ShelfReply> command, CommandId? id = null) =>
        (ShelfReply.Seen)await Actors.AskAsync(new(Shelf.Kind, shelf), command, id, CancellationToken.None);

    public async Task<long> EventsStored()
    {
        var events = 0;
        for (var shard = 0; shard < _options.Shards; shard++)
        {
            events += (await Memory.ReadEventsAsync(shard, 0, 10_000, CancellationToken.None)).Count;
        }

        return events;
    }

    public static CommandId Key(string key, int payload = 1) => new("local", key, (UInt128)payload);

    /// <summary>Names of two notebooks that lie in one shard, and of one in another.</summary>
    public (string One, string Neighbour, string Elsewhere) Names()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"n{i}").ToLookup(Shard);
        return (names[0].First(), names[0].Skip(1).First(), names[1].First());
    }

    public int Shard(string notebook) => StableHash.Shard(new(Notebook.Kind, notebook), _options.Shards);
}
