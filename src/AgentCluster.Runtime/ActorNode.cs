using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Metrics;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Routing;
using AgentCluster.Runtime.Sharding;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime;

/// <summary>
/// One node's actors. Composed here and nowhere else, in production as in a simulation: the ports are all that differs.
/// </summary>
public sealed partial class ActorNode : IActorClient, IActorInspector, IClusterInspector, IJournalSignal
{
    private readonly Dictionary<string, NodeKind> _kinds;
    private readonly LaneShards[] _lanes;
    private readonly Shard[] _shards;
    private readonly AskBound _bound;
    private readonly JournalSignal _journal;
    private readonly CommitCounts _commits = new();
    private readonly long _startedAt;
    private readonly IDispatcher _dispatcher;
    private readonly ITracing? _tracing;
    private Keeper? _keeper;
    private IMembers? _members;
    private Router? _router;
    private volatile bool _draining;

    private ActorNode(NodePorts ports, NodeOptions options, IEnumerable<ActorKind> kinds)
    {
        (Store, Clock, Random, Log, Options) = (ports.Store, ports.Clock, ports.Random, ports.Log, options);
        _kinds = kinds.Select((kind, number) => new NodeKind(kind) { Number = number }).ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        _bound = new(options.MaxPending);
        _dispatcher = ports.Dispatcher;
        _tracing = ports.Tracing;
        _journal = new(_dispatcher.Answers);
        _startedAt = Clock.GetTimestamp();
        Incarnation = new(Random.NextId());
        Committer = new(new(Store, Clock, Random, options, _commits, Log), _dispatcher, _journal, Log);
        _lanes = [.. Enumerable.Range(0, options.Lanes).Select(lane => new LaneShards(this, new(lane, ports.Dispatcher, Clock, Log)))];
        _shards = [.. Enumerable.Range(0, options.Shards).Select(number => new Shard(number, this, _lanes[number % _lanes.Length]))];
        foreach (var shard in _shards)
        {
            shard.Siblings.Add(shard);
        }

        Committer.Start(_lanes);
    }

    /// <summary>The random identity of this run of the node.</summary>
    public Incarnation Incarnation { get; private set; }

    /// <summary>What it measures, for operators.</summary>
    public IReadOnlyList<Metric> Metrics =>
        new RuntimeMetrics([.. _kinds.Values], _lanes, _bound, Committer, _commits).All();

    /// <inheritdoc/>
    public Task NextWrite => _journal.NextWrite;

    internal IStore Store { get; }

    internal TaskCreationOptions Answers => _dispatcher.Answers;

    internal TimeProvider Clock { get; }

    internal IRandom Random { get; }

    internal ILogger Log { get; }

    internal NodeOptions Options { get; }

    internal Committer Committer { get; }

    internal int KindCount => _kinds.Count;

    /// <summary>Composes a node, acquires all shards, or those that are its own in a cluster, and wakes every actor that something waits for. Commands are taken from here on.</summary>
    /// <param name="ports">The world.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="kinds">What actors there are.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public static async ValueTask<ActorNode> StartAsync(
        NodePorts ports, NodeOptions options, IEnumerable<ActorKind> kinds, CancellationToken cancellationToken)
    {
        var node = new ActorNode(ports, options, kinds);
        if (ports is { Members: { } members, Membership: { } membership })
        {
            node._members = members;
            node._keeper = new(node, members, membership) { PeerAddress = ports.Transport?.Address ?? "" };
            if (ports.Transport is { } transport)
            {
                transport.Serve(new Service(node, node._bound, ports.Tracing));
                node._router = node._keeper.Router = new(node, node._keeper, transport);
            }

            await node._keeper.JoinAsync(cancellationToken);
            node._keeper.Start();
        }
        else
        {
            await node.AcquireAsync(node._shards, cancellationToken);
        }

        node.Maintain();
        return node;
    }

    /// <inheritdoc/>
    public ValueTask<TReply> AskAsync<TReply>(
        ActorId actor, ICommand<TReply> command, CommandId? id, CancellationToken cancellationToken)
    {
        if (_draining)
        {
            return Refused<TReply>(actor, Unavailable.NotReady, "this node is draining; ask another or later");
        }

        if (!_kinds.ContainsKey(actor.Kind))
        {
            throw new ArgumentException($"There is no kind '{actor.Kind}' on this node.", nameof(actor));
        }

        if (!_bound.TryEnter())
        {
            return Refused<TReply>(actor, Unavailable.Overloaded, $"{Options.MaxPending} commands wait on this node already");
        }

        var shard = ShardOf(actor);
        var ask = new PendingAsk<TReply>(_bound, _dispatcher, isAway: _router is not null && !shard.IsOpen)
        {
            Trace = _tracing?.Begin(actor, command),
            Router = _router,
            Until = _router is null ? 0 : Clock.GetTimestamp() + (long)(Options.AskTimeout.TotalSeconds * Clock.TimestampFrequency),
        };
        ask.GiveUpOn(cancellationToken);
        var envelope = new Envelope(shard, actor, command) { Ask = ask, Id = id };
        ask.Envelope = envelope;
        if (_router is null || shard.IsOpen || ReadsACopy(envelope) || !_router.TryForward(envelope))
        {
            shard.Lane.Post(envelope);
        }

        return new(ask.Answer);
    }

    /// <inheritdoc/>
    public void Tell(ActorId actor, ICommand command) => Tell(actor, command, mayForward: true);

    internal void Tell(ActorId actor, ICommand command, bool mayForward)
    {
        if (!_draining && _kinds.ContainsKey(actor.Kind) && _bound.Waiting < Options.MaxPending)
        {
            var shard = ShardOf(actor);
            if (!mayForward || _router is null || shard.IsOpen || !_router.TryTell(actor, shard.Number, command))
            {
                shard.Lane.Post(new Envelope(shard, actor, command));
            }
        }
    }

    /// <summary>Whether this node breaks a rule on purpose. Never outside of a simulation.</summary>
    internal bool Breaks(Mutant rule) => Options.Mutant == rule;

    internal IReadOnlyList<Shard> Shards => _shards;

    internal Shard ShardOf(ActorId actor) => _shards[StableHash.Shard(actor, _shards.Length)];

    internal NodeKind KindOf(ActorId actor) =>
        _kinds.TryGetValue(actor.Kind, out var kind)
            ? kind
            : throw new InvariantViolatedException($"There is no kind '{actor.Kind}' on this node.");

    // In the unit of stored times, so that a moment reads back as it was answered.
    internal Turn Turn(int generation) => new(RowValue.Moment(RowValue.Micros(Clock.GetUtcNow())), Clock.GetElapsedTime(_startedAt), generation);

    internal bool IsDraining => _draining;

    internal bool Has(string kind) => _kinds.ContainsKey(kind);

    /// <summary>Brings a letter to its receiver, wherever that is. It may be lost: its sender sends it again until it is acknowledged. On the sender's lane.</summary>
    internal void Post(Letter letter, ActorId to)
    {
        var shard = ShardOf(to);
        if (_router is null || shard.IsOpen || !_router.TryPost(letter, to, shard.Number))
        {
            Send(letter, to);
        }
    }

    /// <summary>Brings a letter to its receiver on this node.</summary>
    internal void Send(Letter letter, ActorId to)
    {
        var command = (ICommand)KindOf(to).Json.Commands.Read(letter.Name, letter.Payload.Span);
        var shard = ShardOf(to);
        shard.Lane.Post(new Envelope(shard, to, command) { Letter = letter });
    }

    /// <summary>Tells a sender that its letters up to <paramref name="number"/> have taken effect. It may be lost.</summary>
    internal void Acknowledge(ActorId sender, ActorId receiver, long number, int generation)
    {
        var shard = ShardOf(sender);
        if (_router is null || shard.IsOpen || !_router.TryAcknowledge(sender, shard.Number, receiver, number, generation))
        {
            Acknowledged(sender, receiver, number, generation);
        }
    }

    /// <summary>As <see cref="Acknowledge"/>, for a sender on this node.</summary>
    /// <param name="sender">Who sent the letters.</param>
    /// <param name="receiver">Who took them.</param>
    /// <param name="number">The last of them.</param>
    /// <param name="generation">Of the store, in which they did.</param>
    internal void Acknowledged(ActorId sender, ActorId receiver, long number, int generation)
    {
        var shard = ShardOf(sender);
        shard.Lane.Post(() =>
        {
            if (shard.Find(sender) is { Status: CellStatus.Running } cell && shard.Generation == generation)
            {
                cell.Outbox.Acknowledged(receiver, number);
            }
        });
    }

    private ValueTask<TReply> Refused<TReply>(ActorId actor, Unavailable why, string detail)
    {
        var refused = new ActorUnavailableException(actor, why, detail);
        _bound.Counts.Failed(refused);
        return ValueTask.FromException<TReply>(refused);
    }
}
