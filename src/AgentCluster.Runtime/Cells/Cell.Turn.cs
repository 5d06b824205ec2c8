using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <remarks>The turn: the only place where the order of things matters.</remarks>
internal sealed partial class Cell
{
    /// <summary>Decides one command and puts the result into the open batch. Never waits for the commit.</summary>
    public void Take(Envelope envelope)
    {
        if (Shard.IsFull && envelope.IsWanted)
        {
            Shard.Postpone(this, envelope);
        }
        else if (TryTake(envelope) && envelope.Pinned is not null && !IsDetached)
        {
            Cold.Unpin(envelope);
        }
    }

    /// <summary>False when it needs rows first.</summary>
    private bool TryTake(Envelope envelope)
    {
        if (!envelope.IsWanted && !Node.Breaks(Mutant.DecidesExpired))
        {
            // Its caller gave up before it was decided, and was told so: deciding it now would make that a lie.
            Fail(envelope, Unavailable.NotReady, "its caller gave up");
            return true;
        }

        if (envelope.Ask is not null && _outbox is { IsFull: true } && !Node.Breaks(Mutant.IgnoresBounds))
        {
            Fail(envelope, Unavailable.Overloaded, "its messages are not taken by their receivers; send it again later");
            return true;
        }

        var turn = Node.Turn(Shard.Generation) with { Absent = envelope.Absent };
        List<EventWrite>? events;
        RowWriteOfCommand? command;
        List<SentLetter>? letters;
        try
        {
            Machine.Decide(envelope, turn);
            if (!Machine.Missing.IsEmpty)
            {
                Cold.SetAside(envelope, Machine.Missing);
                return false;
            }

            // Last exit without a trace: from Apply on there is no way back but to drop the actor.
            events = Write(turn.Now);
            letters = Machine.Messages.IsEmpty ? null : Outbox.Write(Machine.Messages);
            command = Remembered(envelope, turn.Now);
        }
#pragma warning disable CA1031 // Whatever a behavior throws: nothing has changed, and the caller hears so.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Fault(envelope, bug);
            return true;
        }

        Commit(envelope, turn, events, letters, command);
        return true;
    }

    /// <summary>Goes on with a command that had to wait: here, or in the cell that took this one's place.</summary>
    public void Resume(Envelope envelope)
    {
        if (IsDetached)
        {
            Forward(envelope);
        }
        else
        {
            Take(envelope);
        }
    }

    private void Commit(
        Envelope envelope, in Turn turn, List<EventWrite>? events, List<SentLetter>? letters, RowWriteOfCommand? command)
    {
        var writes = events is not null || letters is not null || envelope.Letter is not null
            || envelope.Timer is { IsDurable: true } || (!Machine.TimerChanges.IsEmpty && Timers.AnyDurable(Machine.TimerChanges));
        var part = writes ? Shard.OpenPart(this) : null;
        var reply = Machine.Reply;
        try
        {
            if (part is not null)
            {
                Touch(part);
            }
            else if (Machine.HasSoftEvents)
            {
                Machine.Apply([]);
            }
        }
#pragma warning disable CA1031 // Apply never refuses; a state that it broke off in is worth nothing.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Failures++;
            using (envelope.Ask?.Trace?.Enter())
            {
                Node.Log.ApplyFailed(Id, Shard.Number, envelope.Command.GetType().Name, Failures, bug);
            }

            Drop("its state could not take an event; it is being recovered");
            Fail(envelope, Unavailable.Faulted, "its state could not take an event; nothing of it was written");
            return;
        }

        _turns++;
        Shard.Siblings.Counts.Turns[Kind.Number]++;
        _lastTurn = Node.Clock.GetTimestamp();
        _hasSoftState |= Machine.HasSoftEvents;
        _eventsSinceSnapshot += events?.Count ?? 0;
        if (part is not null)
        {
            Shard.CountTurn();
            envelope.Decided = true;
            envelope.Ask?.Trace?.Decided(Shard.Number);
            part.Add(events);
            _outbox?.Put(part, letters);
            _inbox?.Put(part, envelope);
            command?.Put(part);
        }

        if (envelope.Timer is not null || !Machine.TimerChanges.IsEmpty)
        {
            Timers.Change(part, envelope.Timer, Machine.TimerChanges);
        }

        Machine.LetGo();
        Answer(envelope, reply, writes);
    }

    /// <summary>A reply waits for everything its actor has decided so far, also when it only read or refused (P1, P3).</summary>
    private void Answer(Envelope envelope, object? reply, bool writes)
    {
        if ((Open ?? _writing) is { } part)
        {
            if (Node.Breaks(Mutant.RepliesBeforeCommit) || (!writes && Node.Breaks(Mutant.ReadsUncommitted))
                || (envelope.Letter is not null && Node.Breaks(Mutant.AcknowledgesBeforeCommit)))
            {
                Release(envelope, reply, writes);
                return;
            }

            part.Entries.Add(new(envelope, reply, writes));
        }
        else
        {
            Release(envelope, reply, writes);
        }
    }

    /// <summary>Null when the decision has no events.</summary>
    private List<EventWrite>? Write(DateTimeOffset at)
    {
        if (Machine.Events == 0)
        {
            return null;
        }

        List<EventWrite> events = new(Machine.Events);
        Machine.Write(Id, at, events);
        return events;
    }

    private void Touch(Part part)
    {
        var touched = Shard.Siblings.Touched;
        touched.Clear();
        Machine.Apply(touched);
        foreach (var key in touched)
        {
            if (part.Touch(key))
            {
                Cold.Pin(key);
            }
        }
    }

    /// <summary>The row that makes a repeat of this command answer the same. Only commands with events are remembered.</summary>
    private RowWriteOfCommand? Remembered(Envelope envelope, DateTimeOffset at)
    {
        if (envelope.Id is not { } id || Machine.Events == 0)
        {
            return null;
        }

        var (name, payload) = Kind.Json.Replies.Write(Machine.Reply!);
        return new(new(
            new(RuntimeTables.Command.Name, envelope.KeyRow),
            Id,
            [RowValue.Of(CommandGate.RowId(id.Payload)), RowValue.Of(name), RowValue.Of(at)],
            payload));
    }

    private void Fault(Envelope envelope, Exception bug)
    {
        using (envelope.Ask?.Trace?.Enter())
        {
            Node.Log.DecideFailed(Id, Shard.Number, envelope.Command.GetType().Name, bug);
        }

        if (envelope.Letter is not null)
        {
            Inbox.Failed(envelope, bug);
        }
        else if (envelope.Timer is { } timer)
        {
            Timers.Failed(timer, bug);
        }

        Fail(envelope, Unavailable.Faulted, "the program met a bug while deciding; nothing was changed");
    }

    private sealed record RowWriteOfCommand(Row Row)
    {
        public void Put(Part part) => part.Put(RuntimeTables.Command, Row);
    }
}
