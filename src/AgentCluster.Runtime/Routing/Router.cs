using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Runtime.Routing;

/// <summary>Brings a command to the node that has its actor, wherever its caller asked.</summary>
/// <remarks>
/// <para>
/// A command goes to the owner that the last view of the cluster names. A node that does not have the actor says so, and then, as
/// when a node cannot be reached or a shard is between two owners, the command waits a little and looks again, until its caller's
/// time is over: a caller sees a pause, not an error. How many wait is bounded by <c>max-pending</c>, like all that wait here.
/// </para>
/// <para>
/// Three results are kept apart. What the owner answered is passed on as it is. What certainly never left may be sent again to anybody.
/// What left and was not answered may have taken effect: it is sent again only when that changes nothing, because the command
/// carries an id or only reads (<see cref="IReading"/>); otherwise, and when no answer comes in time, its outcome is unknown. From the
/// first such loss on, no later "not done" is believed of a command that may have effects: it speaks only of the later attempt.
/// </para>
/// </remarks>
internal sealed class Router
{
    private static readonly BackOff Looking = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100));
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMilliseconds(100);

    private readonly Keeper _keeper;
    private readonly ITransport _transport;
    private readonly LinkedList<ForwardedAsk> _underWay = new();
    private readonly Lock _gate = new();
    private readonly ITimer _sweep;
    private volatile Routes _routes;
    private bool _sweeping;

    public Router(ActorNode node, Keeper keeper, ITransport transport)
    {
        (Node, _keeper, _transport) = (node, keeper, transport);
        _routes = Routes.None(node.Shards.Count);
        _sweep = node.Clock.CreateTimer(static self => ((Router)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ActorNode Node { get; }

    /// <summary>The cluster was read again.</summary>
    public void Saw(ClusterView view)
    {
        var before = _routes;
        _routes = Routes.Of(view, Node.Incarnation, Node.Shards.Count);
        if (!before.Peers.SequenceEqual(_routes.Peers))
        {
            _transport.Keep(_routes.Peers);
        }
    }

    /// <summary>Sends a command to the other node that has its actor; from any thread.</summary>
    /// <returns>False when no other node is known to have it.</returns>
    public bool TryForward(Envelope envelope)
    {
        var commands = Node.KindOf(envelope.To).Json.Commands;
        if (_routes[envelope.Shard.Number] is not { } peer || !commands.HasName(envelope.Command))
        {
            return false;
        }

        var left = Node.Clock.GetElapsedTime(Node.Clock.GetTimestamp(), envelope.Ask!.Until);
        if (left <= TimeSpan.Zero)
        {
            TooLate(envelope, "its node was not found");
            return true;
        }

        var forwarded = new ForwardedAsk(this, envelope);
        Begin(forwarded);
        var (name, payload) = commands.Write(envelope.Command);
        var question = new Question(envelope.To, name, envelope.Id, left, envelope.Ask!.Trace?.Context ?? "");
        _transport.Ask(peer, question.Write(MessageKind.Ask, payload), forwarded);
        return true;
    }

    /// <summary>Tells the other node that has an actor something that may be lost.</summary>
    /// <returns>False when no other node is known to have it.</returns>
    public bool TryTell(ActorId actor, int shard, ICommand command)
    {
        var json = Node.KindOf(actor).Json.Commands;
        if (_routes[shard] is not { } peer || !json.HasName(command))
        {
            return false;
        }

        var (name, payload) = json.Write(command);
        _transport.Tell(peer, new Question(actor, name, null, TimeSpan.Zero, "").Write(MessageKind.Tell, payload));
        return true;
    }

    /// <summary>Brings a durable letter to the other node that has its receiver. What is lost is read from the outbox there.</summary>
    public bool TryPost(Letter letter, ActorId to, int shard)
    {
        if (_routes[shard] is not { } peer)
        {
            return false;
        }

        var writer = new MessageWriter(MessageKind.Letter);
        writer.Put(letter.Generation);
        Put(writer, letter.From);
        Put(writer, to);
        writer.Put(letter.Number);
        writer.Put(letter.Name);
        writer.Put(letter.Payload.Span);
        _transport.Tell(peer, writer.Written);
        return true;
    }

    /// <summary>Tells the other node that has a sender that its letters have taken effect. What is lost is read from the receiver's row there.</summary>
    public bool TryAcknowledge(ActorId sender, int shard, ActorId receiver, long number, int generation)
    {
        if (_routes[shard] is not { } peer)
        {
            return false;
        }

        var writer = new MessageWriter(MessageKind.Taken);
        Put(writer, sender);
        Put(writer, receiver);
        writer.Put(number);
        writer.Put(generation);
        _transport.Tell(peer, writer.Written);
        return true;
    }

    /// <summary>Whether a command that failed here goes on to another node, or waits until there is one.</summary>
    public bool GoesOn(PendingAsk ask, Exception error)
    {
        if (error is not ActorUnavailableException { Why: Unavailable.NotReady or Unavailable.NotDone } gone
            || ask.Envelope is not { Shard.IsOpen: false } envelope || Node.IsDraining || Node.Clock.GetTimestamp() >= ask.Until || !IsTrusted)
        {
            return false;
        }

        Again(envelope, gone.Detail);
        return true;
    }

    /// <summary>Whether the answer is this question's end. Once.</summary>
    public bool TryEnd(ForwardedAsk forwarded)
    {
        lock (_gate)
        {
            if (forwarded.Place is not { List: not null } place)
            {
                return false;
            }

            _underWay.Remove(place);
            return true;
        }
    }

    /// <summary>Certainly not done by this attempt: looks again in a moment, from any thread.</summary>
    public void Again(Envelope envelope, string why)
    {
        var ask = envelope.Ask!;
        if (ask.IsCompleted)
        {
            return;
        }

        if (Node.Clock.GetTimestamp() >= ask.Until || !IsTrusted)
        {
            TooLate(envelope, why);
            return;
        }

        var fresh = envelope.Afresh();
        var pause = Looking.After(++ask.Attempts);
        var shard = envelope.Shard;
        _keeper.Want(_routes.View);
        shard.Lane.Post(() => shard.Lane.Timers.Set(pause, _ => Resume(fresh)));
    }

    /// <summary>Certainly not done by this attempt, and asking elsewhere does not help.</summary>
    public static void NotDone(Envelope envelope, Unavailable why, string detail) => envelope.Ask!.End(
        envelope.Ask.MayBeDone
            ? new OutcomeUnknownException(envelope.To, detail)
            : new ActorUnavailableException(envelope.To, why, detail));

    /// <summary>It may have taken effect.</summary>
    public void Unknown(Envelope envelope, string why, bool mayRepeat)
    {
        var ask = envelope.Ask!;
        var reads = envelope.Command is IReading;
        ask.MayBeDone |= !reads && !Node.Breaks(Mutant.BelievesALaterNotDone);
        if (mayRepeat && (reads || envelope.Id is not null || Node.Breaks(Mutant.SendsAgainWithoutAnId)))
        {
            Again(envelope, why);
        }
        else
        {
            NotDone(envelope, Unavailable.NotReady, why);
        }
    }

    private static void Put(MessageWriter writer, ActorId actor)
    {
        writer.Put(actor.Kind);
        writer.Put(actor.Name);
    }

    // Without the database nobody learns who owns what: callers are better off asking later.
    private bool IsTrusted => Node.Clock.GetTimestamp() < _keeper.TrustedUntil;

    private void Resume(Envelope envelope)
    {
        if (!envelope.IsWanted)
        {
            return;
        }

        if (envelope.Shard.IsOpen || Node.ReadsACopy(envelope) || !TryForward(envelope))
        {
            envelope.Shard.Deliver(envelope);
        }
    }

    private static void TooLate(Envelope envelope, string why) => NotDone(envelope, Unavailable.NotReady, why);

    private void Begin(ForwardedAsk forwarded)
    {
        lock (_gate)
        {
            forwarded.Place = _underWay.AddLast(forwarded);
            if (!_sweeping)
            {
                _sweeping = true;
                _sweep.Change(BetweenSweeps, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends what waits at other nodes for longer than its caller does.</summary>
    private void Sweep()
    {
        List<ForwardedAsk> late = [];
        lock (_gate)
        {
            var now = Node.Clock.GetTimestamp();
            for (var place = _underWay.First; place is not null;)
            {
                var next = place.Next;
                if (place.Value.Ask.Until <= now || place.Value.Ask.IsCompleted)
                {
                    late.Add(place.Value);
                    _underWay.Remove(place);
                }

                place = next;
            }

            _sweeping = _underWay.Count > 0;
            if (_sweeping)
            {
                _sweep.Change(BetweenSweeps, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var forwarded in late)
        {
            Unknown(forwarded.Envelope, "its node did not answer in time", mayRepeat: false);
        }
    }
}
