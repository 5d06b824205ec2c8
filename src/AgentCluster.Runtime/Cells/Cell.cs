using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Sharding;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <summary>
/// One actor in memory, from its recovery until it is dropped or passivated. It is never repaired: whatever goes wrong
/// with its state, it is detached and a fresh cell recovers from the store. Whatever resumes after waiting asks first
/// whether its cell is still the installed one.
/// </summary>
internal sealed partial class Cell(ActorId id, NodeKind kind, Shard shard)
{
    /// <summary>Writing a snapshot of this many bytes takes as long as replaying some hundred events: for each of them the next comes later.</summary>
    private const int LargeSnapshot = 100 * 1024;

    private Queue<Envelope>? _stash;
    private CommandGate? _gate;
    private ColdRows? _cold;
    private Outbox? _outbox;
    private Inbox? _inbox;
    private ActorTimers? _timers;
    private Machine? _machine;
    private Part? _writing;
    private long _lastTurn;
    private long _turns;
    private int _eventsSinceSnapshot;
    private int _snapshotBytes;
    private bool _hasSoftState;

    public ActorId Id { get; } = id;

    public NodeKind Kind { get; } = kind;

    public Shard Shard { get; } = shard;

    public CellStatus Status { get; private set; } = CellStatus.Recovering;

    /// <summary>Why it is not running.</summary>
    public string? Trouble { get; private set; }

    /// <summary>How often it was dropped for a failure of its own since its last durable turn.</summary>
    public int Failures { get; set; }

    /// <summary>
    /// Whether it took the place of one that was dropped. What its timers and letters lead to may be what failed, so they
    /// wait a while: a store that refuses writes must not be asked again at once, for ever.
    /// </summary>
    public bool IsReplacement { get; init; }

    /// <summary>Commands taken and not yet answered.</summary>
    public int Pending { get; set; }

    /// <summary>Those of them that somebody outside waits for.</summary>
    public int Asked { get; private set; }

    /// <summary>Messages decided and not yet acknowledged.</summary>
    public int Letters => _outbox?.Count ?? 0;

    /// <summary>Command ids that are looked up or decided.</summary>
    public int CommandsUnderWay => _gate?.UnderWay ?? 0;

    /// <summary>Its part of the shard's open batch, if it has one.</summary>
    public Part? Open { get; set; }

    public bool IsDetached { get; private set; }

    public Machine Machine => _machine!;

    public CommandGate Gate => _gate ??= new(this);

    public ColdRows Cold => _cold ??= new(this);

    public Outbox Outbox => _outbox ??= new(this);

    public Inbox Inbox => _inbox ??= new(this);

    public ActorTimers Timers => _timers ??= new(this);

    public ActorNode Node => Shard.Node;

    /// <summary>Whether all that it decided has settled.</summary>
    public bool IsSettled => Open is null && _writing is null;

    /// <summary>Whether it takes no more from outside. Letters and timers have a reserve.</summary>
    private bool IsFull => Pending >= Node.Options.MailboxCapacity && !Node.Breaks(Mutant.IgnoresBounds);

    private string Full => $"{Pending} commands wait already; slow down and send it again";

    public void Deliver(Envelope envelope)
    {
        if (envelope.Ask is { } ask)
        {
            if (IsFull)
            {
                ask.Fail(new ActorUnavailableException(Id, Unavailable.Overloaded, Full));
                return;
            }

            Shard.Siblings.Counts.MailboxDepth.RecordAlone(Pending);
            ask.Envelope = envelope;
            Shard.Siblings.Deadlines.Add(ask, Node.Clock.GetTimestamp());
        }

        Enter(envelope);
    }

    /// <summary>Counts a command in and lets it go as far as it can.</summary>
    private void Enter(Envelope envelope)
    {
        if (Status == CellStatus.Quarantined)
        {
            Fail(envelope, Unavailable.Quarantined, Trouble!);
            return;
        }

        if (Status != CellStatus.Running && _stash?.Count >= Node.Options.MailboxCapacity)
        {
            Fail(envelope, Unavailable.Overloaded, "it is being recovered, and its mailbox is full");
            return;
        }

        envelope.At = this;
        Pending++;
        Asked += envelope.Ask is null ? 0 : 1;
        if (Status == CellStatus.Running)
        {
            Admit(envelope);
        }
        else
        {
            (_stash ??= new()).Enqueue(envelope);
        }
    }

    private void Admit(Envelope envelope)
    {
        if (envelope.Id is not null)
        {
            Gate.Admit(envelope);
        }
        else if (envelope.Letter is not null)
        {
            Inbox.Admit(envelope);
        }
        else
        {
            Take(envelope);
        }
    }

    /// <summary>What has not been decided yet goes on in the cell that took this one's place.</summary>
    public void Forward(Envelope envelope)
    {
        Invariant.Holds(IsDetached, "Only a detached cell forwards.");
        Leave(envelope);
        envelope.Forget();
        if (envelope.Timer is not null)
        {
            // That cell has timers of its own, and they know how much of it still holds: one that fired here was for what was dropped.
            return;
        }

        if (envelope.IsWanted && Shard.IsOwned)
        {
            (Shard.Find(Id) ?? this).EnterOrFail(envelope);
        }
        else
        {
            Fail(envelope, Unavailable.NotReady, "this node does not own its shard now");
        }
    }

    public void Fail(Envelope envelope, Unavailable why, string detail) =>
        Fail(envelope, new ActorUnavailableException(Id, why, detail));

    /// <summary>Ends a command that was certainly not done, or whose outcome nobody knows.</summary>
    public void Fail(Envelope envelope, Exception error)
    {
        Leave(envelope);
        if (envelope.Ask is { } ask)
        {
            Shard.Siblings.Deadlines.Remove(ask);
            ask.Fail(error);
        }

        if (envelope.Letter is not null)
        {
            _inbox?.Dropped(envelope);
        }

        if (envelope.Id is not null)
        {
            _gate?.Failed(envelope, error);
        }
    }

    /// <summary>Lets a reply out. <paramref name="writes"/>: the turn is durable, so it is told whoever owns the shard now.</summary>
    public void Release(Envelope envelope, object? reply, bool writes)
    {
        if (envelope.Ask is { } ask && !writes && !Shard.IsTrusted)
        {
            Fail(envelope, Unavailable.NotReady, "the shard's lease is not trusted any more");
            return;
        }

        Leave(envelope);
        if (envelope.Ask is { } waiting)
        {
            Shard.Siblings.Deadlines.Remove(waiting);
            waiting.Reply(reply!);
        }

        if (envelope.Letter is { } letter)
        {
            Node.Acknowledge(letter.From, Id, letter.Number, letter.Generation);
        }

        if (envelope.Id is not null)
        {
            Gate.Answered(envelope, reply!);
        }
    }

    public ActorReport Report() => new(
        Id, Shard.Number, Status.ToString().ToLowerInvariant(), Trouble, _turns, Pending, Letters,
        _timers?.Count ?? 0, Failures, _inbox?.Parked ?? 0);

    private void EnterOrFail(Envelope envelope)
    {
        if (IsDetached)
        {
            Fail(envelope, Unavailable.NotReady, "it is leaving memory; send it again");
        }
        else if (envelope.Ask is not null && IsFull)
        {
            // Its mailbox was given to others while this one waited elsewhere for its turn.
            Fail(envelope, Unavailable.Overloaded, Full);
        }
        else
        {
            Enter(envelope);
        }
    }

    private static void Leave(Envelope envelope)
    {
        if (envelope.At is { } cell)
        {
            envelope.At = null;
            cell.Pending--;
            cell.Asked -= envelope.Ask is null ? 0 : 1;
        }
    }
}

internal enum CellStatus
{
    Recovering,
    Running,
    BackingOff,
    Quarantined,
}
