using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Sharding;

/// <summary>
/// The actors that are fenced and written together. It holds one open batch, to which turns add, and at most one that
/// is being written; so its sequence has no holes and a failed batch is always the newest.
/// </summary>
internal sealed class Shard(int number, ActorNode node, LaneShards lane)
{
    private readonly Dictionary<ActorId, Cell> _cells = [];
    private readonly Queue<(Cell Cell, Envelope Envelope)> _backlog = new();
    private Batch _open = new();
    private ShardLease _lease = new(number, 0, 0, Incarnation.None, 0, 0);
    private long _trustedUntil;
    private volatile bool _owned;
    private volatile bool _closed;
    private int _acquiring;
    private int _newest;

    public int Number { get; } = number;

    public Lane Lane => lane.Lane;

    public LaneShards Siblings => lane;

    public ActorNode Node => node;

    public int Generation => _lease.Generation;

    /// <summary>Counts its owners, as far as is known here.</summary>
    public long Epoch => _lease.Epoch;

    /// <summary>Sequence of its last committed event.</summary>
    public long Sequence => _lease.Sequence;

    public bool IsOwned => _owned;

    /// <summary>Whether it takes commands; from any thread, as of a moment ago.</summary>
    public bool IsOpen => _owned && !_closed;

    /// <summary>Whether a batch of it is on its way to the store.</summary>
    public bool IsWriting { get; private set; }

    public int OpenTurns => _open.Turns;

    /// <summary>Whether the open batch takes no more turns; what comes now is postponed to the next.</summary>
    public bool IsFull => _open.Turns >= node.Options.BatchTurns;

    public bool IsIdle => !IsWriting && _open.Parts.Count == 0 && _backlog.Count == 0;

    /// <summary>How many are in memory; from any thread.</summary>
    public int Actors => _cells.Count;

    public IReadOnlyCollection<Cell> Cells => _cells.Values;

    /// <summary>
    /// Whether a read may still be answered. Leases govern who answers, epochs who writes: a process can be paused
    /// between looking here and writing, never between the fence and the write.
    /// </summary>
    public bool IsTrusted => _owned && (node.Breaks(Mutant.TrustsForEver) || node.Clock.GetTimestamp() < (node.TrustedUntil ?? _trustedUntil));

    /// <summary>Takes note of a lease that was asked for at <paramref name="askedAt"/>, before the store could have granted it.</summary>
    public void Acquired(ShardLease lease, long askedAt)
    {
        if (lease.Generation < _newest)
        {
            node.Reacquire(this, ++_acquiring);
            return;
        }

        _lease = lease;
        _trustedUntil = node.Options.LeaseTrust is { } trust
            ? askedAt + (long)(trust.TotalSeconds * node.Clock.TimestampFrequency)
            : long.MaxValue;
        _owned = true;
        _closed = false;
        _acquiring = 0;
    }

    /// <summary>Takes no more commands, letters or timers: it is about to be another node's.</summary>
    public void Close() => _closed = true;

    /// <summary>Gives the shard up if nothing of it is in flight.</summary>
    public bool TryLetGo()
    {
        if (!IsIdle)
        {
            return false;
        }

        LetGo("the shard was handed to another node");
        return true;
    }

    /// <summary>Gives the shard up. Whatever is in flight is answered when it settles.</summary>
    public void LetGo(string why)
    {
        if (_owned)
        {
            _owned = false;
            Forget(why);
        }
    }

    /// <summary>
    /// The store was put back to an earlier state, from which <paramref name="generation"/> began. What memory holds of an
    /// older one may never have happened: nothing of it is answered, sent or acknowledged from here on.
    /// </summary>
    public void Supersede(int generation)
    {
        _newest = Math.Max(_newest, generation);
        if (_owned && _lease.Generation < generation && !node.Breaks(Mutant.KeepsLostPast))
        {
            node.Log.Superseded(Number, _lease.Generation, generation);
            _owned = false;
            Lose("the store was put back to an earlier state");
        }
    }

    public void Deliver(Envelope envelope)
    {
        if (!envelope.IsWanted)
        {
            return;
        }

        if (!_owned && envelope is { Ask: not null, IsForwarded: false } && node.AddressOf(Number) is { } address)
        {
            node.AskElsewhere(envelope, this, address);
        }
        else if ((!_owned || _closed) && !(envelope.Letter is not null && node.Breaks(Mutant.TakesLettersOfOthers)))
        {
            Refuse(envelope, "this node does not own its shard now");
        }
        else if (node.TrustedUntil is not null && !IsTrusted)
        {
            Refuse(envelope, "this node's lease is not trusted now: the database does not answer");
        }
        else
        {
            CellOf(envelope.To).Deliver(envelope);
        }
    }

    /// <summary>The part that an actor's next turn goes into.</summary>
    public Part OpenPart(Cell cell)
    {
        if (cell.Open is { } open)
        {
            return open;
        }

        var part = new Part(cell);
        cell.Open = part;
        _open.Parts.Add(part);
        if (_open.Parts.Count == 1)
        {
            lane.Dirty(this);
        }

        return part;
    }

    public void CountTurn()
    {
        _open.Turns++;
        lane.CountTurn();
    }

    public void Postpone(Cell cell, Envelope envelope) => _backlog.Enqueue((cell, envelope));

    /// <summary>Takes an actor's unsent turns out of the open batch. They are certainly not done.</summary>
    public void Withdraw(Part part) => _open.Parts.Remove(part);

    /// <summary>Makes rows of the open batch ready. A part that cannot is left to <see cref="Seal"/>.</summary>
    public void ProjectAhead()
    {
        foreach (var part in _open.Parts)
        {
            Cell.ProjectAhead(part);
        }
    }

    /// <summary>Closes the open batch and numbers it; null when there is nothing in it after all.</summary>
    public SealedBatch? Seal()
    {
        Invariant.Holds(!IsWriting || node.Breaks(Mutant.WritesTwoBatches), $"Shard {Number} has two batches in flight.");
        foreach (var part in _open.Parts.ToArray())
        {
            part.Cell.Seal(part);
        }

        if (_open.Parts.Count == 0)
        {
            _open = new();
            Work(_backlog.Count);
            return null;
        }

        var batch = SealedBatch.Of(this, _lease, node.Random.NextId(), _open.Parts);
        _open = new();
        IsWriting = true;
        Work(_backlog.Count);
        return batch;
    }

    public void Settle(Settlement settlement)
    {
        IsWriting = false;
        if (settlement.Lease.Generation < _newest || settlement.Lease.Epoch < _lease.Epoch)
        {
            // It was given up while this was in flight, and taken again since: the actors there are other ones.
            foreach (var end in settlement.Parts)
            {
                end.Part.Cell.Supersede(end);
            }

            return;
        }

        _lease = settlement.Lease;
        // Lost first: what the ends below drop must not recover before the shard is acquired anew.
        _owned = _owned && (!settlement.Lost || node.Breaks(Mutant.RecoversWithoutAcquiring));
        foreach (var end in settlement.Parts)
        {
            end.Part.Cell.Settle(end);
        }

        if (settlement.Lost && !node.Breaks(Mutant.RecoversWithoutAcquiring))
        {
            Lose(settlement.Parts[0].Detail ?? "its shard was lost");
        }
    }

    /// <summary>Wakes an actor that has something to wait for.</summary>
    public void Activate(ActorId actor)
    {
        if (_owned)
        {
            CellOf(actor);
        }
    }

    public Cell? Find(ActorId actor) => _cells.GetValueOrDefault(actor);

    /// <summary>Puts a fresh cell, still to be recovered, in the place of one that cannot be trusted any more.</summary>
    public Cell Replace(Cell dropped)
    {
        var fresh = new Cell(dropped.Id, dropped.Kind, this) { Failures = dropped.Failures, IsReplacement = true };
        _cells[dropped.Id] = fresh;
        return fresh;
    }

    public void Passivate()
    {
        foreach (var cell in _cells.Values.Where(cell => cell.CanPassivate()).ToArray())
        {
            _cells.Remove(cell.Id);
            cell.Passivate();
            lane.Counts.Passivated();
        }
    }

    private Cell CellOf(ActorId actor)
    {
        if (!_cells.TryGetValue(actor, out var cell))
        {
            cell = new Cell(actor, node.KindOf(actor), this);
            _cells.Add(actor, cell);
            cell.Recover();
        }

        return cell;
    }

    private void Work(int backlog)
    {
        for (; backlog > 0; backlog--)
        {
            var (cell, envelope) = _backlog.Dequeue();
            cell.Resume(envelope);
        }
    }

    private static void Refuse(Envelope envelope, string detail) =>
        envelope.Ask?.Fail(new ActorUnavailableException(envelope.To, Unavailable.NotReady, detail));

    private void Lose(string detail)
    {
        Forget(detail);
        node.Reacquire(this, ++_acquiring);
    }

    private void Forget(string detail)
    {
        lane.Counts.LostShard();
        foreach (var cell in _cells.Values.ToArray())
        {
            cell.Lose(detail);
        }

        _cells.Clear();
        _open = new();
        Work(_backlog.Count);
    }
}
