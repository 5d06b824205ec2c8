using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Mail;

/// <summary>
/// What other actors tell this one (P5): of each sender only the letter after the last one taken, whose mark is written
/// in the commit of its effect. So a letter that comes twice, late or out of order takes effect once and in order.
/// </summary>
internal sealed class Inbox(Cell cell)
{
    private const int Window = 64;
    private const int ParkAfter = 3;
    private readonly Dictionary<ActorId, Sender> _senders = [];

    /// <summary>How many letters and timers were set aside since this cell was recovered.</summary>
    public int Parked { get; private set; }

    public void Admit(Envelope envelope)
    {
        var letter = envelope.Letter!;
        if (letter.Generation != cell.Shard.Generation)
        {
            cell.Fail(envelope, Unavailable.NotReady, "the store was put back to an earlier state since it was read; if it was sent there too, it is sent again");
            return;
        }

        var sender = SenderOf(letter.From);
        if (cell.Node.Breaks(Mutant.TakesAnyLetter))
        {
            sender.Mark = letter.Number - 1;
            cell.Take(envelope);
        }
        else if (letter.Number <= sender.Mark)
        {
            Repeat(envelope, letter);
        }
        else if (letter.Number == sender.Mark + 1 && sender.Deciding is null)
        {
            sender.Deciding = envelope;
            cell.Take(envelope);
        }
        else if (letter.Number == sender.Mark + 1 || sender.Early.ContainsKey(letter.Number))
        {
            cell.Fail(envelope, Unavailable.NotReady, "another copy of it waits already");
        }
        else if (letter.Number <= sender.Mark + Window)
        {
            sender.Early.Add(letter.Number, envelope);
        }
        else
        {
            cell.Fail(envelope, Unavailable.NotReady, "letters before it are missing; it is sent again");
        }
    }

    /// <summary>Moves the mark in the commit of the letter's effect, and takes the next one if it came early.</summary>
    public void Put(Part part, Envelope envelope)
    {
        if (envelope.Letter is not { } letter)
        {
            return;
        }

        var sender = SenderOf(letter.From);
        Invariant.Holds(letter.Number == sender.Mark + 1, $"{cell.Id} took a letter of {letter.From} out of order.");
        Advance(part, letter.From, sender);
    }

    public void Failed(Envelope envelope, Exception bug)
    {
        var letter = envelope.Letter!;
        var sender = SenderOf(letter.From);
        sender.Failures++;
        if (sender.Failures >= ParkAfter)
        {
            var part = cell.Shard.OpenPart(cell);
            Park(part, $"{letter.From}>{cell.Id}#{letter.Number}", letter.From, letter.Name, letter.Payload, bug);
            Advance(part, letter.From, sender);
        }
    }

    /// <summary>A letter was not taken (its rows could not be read, its turn failed): it is sent again and may be decided then.</summary>
    public void Dropped(Envelope envelope)
    {
        var sender = SenderOf(envelope.Letter!.From);
        if (sender.Deciding == envelope)
        {
            sender.Deciding = null;
        }
    }

    /// <summary>Sets something aside that cannot be decided, where an operator can see it.</summary>
    public void Park(Part part, string id, ActorId sender, string name, ReadOnlyMemory<byte> payload, Exception bug)
    {
        Parked++;
        cell.Shard.Siblings.Counts.WasParked();
        cell.Node.Log.Parked(cell.Id, cell.Shard.Number, name);
        part.Put(RuntimeTables.Parked, new(
            new(RuntimeTables.Parked.Name, id),
            cell.Id,
            [
                RowValue.Of(sender.ToString()), RowValue.Of(name), RowValue.Of($"{bug.GetType().Name}: {bug.Message}"),
                RowValue.Of(cell.Node.Clock.GetUtcNow()),
            ],
            payload));
    }

    public void Restore(IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            SenderOf(ActorId.Parse(row.Columns[0].Text!)).Mark = row.Columns[1].Number!.Value;
        }
    }

    /// <summary>Taken before: its sender wants to hear so, but not before that is durable.</summary>
    private void Repeat(Envelope envelope, Letter letter)
    {
        if (cell.Open is { } open && open.Repeats(letter))
        {
            open.Entries.Add(new(envelope, null, Writes: true));
        }
        else if (cell.Open is not null)
        {
            cell.Fail(envelope, Unavailable.NotReady, "another copy of it, or of a later one, waits already; that one is acknowledged");
        }
        else if (cell.IsSettled)
        {
            cell.Release(envelope, null, writes: true);
        }
        else
        {
            cell.Fail(envelope, Unavailable.NotReady, "its first copy is being written; that one is acknowledged");
        }
    }

    private void Advance(Part part, ActorId from, Sender sender)
    {
        sender.Mark++;
        sender.Deciding = null;
        sender.Failures = 0;
        part.Put(RuntimeTables.Received, new(
            new(RuntimeTables.Received.Name, $"{from}>{cell.Id}"),
            cell.Id,
            [RowValue.Of(from.ToString()), RowValue.Of(sender.Mark)],
            ReadOnlyMemory<byte>.Empty));
        if (sender.Early.Remove(sender.Mark + 1, out var next))
        {
            cell.Shard.Lane.Post(() => GoOn(next));
        }
    }

    private void GoOn(Envelope next)
    {
        if (cell.IsDetached)
        {
            cell.Forward(next);
        }
        else
        {
            Admit(next);
        }
    }

    private Sender SenderOf(ActorId from)
    {
        if (!_senders.TryGetValue(from, out var sender))
        {
            sender = new();
            _senders.Add(from, sender);
        }

        return sender;
    }

    private sealed class Sender
    {
        /// <summary>Number of the last letter taken.</summary>
        public long Mark { get; set; }

        /// <summary>The letter after the mark while it is being decided (it may wait for rows).</summary>
        public Envelope? Deciding { get; set; }

        /// <summary>How often the letter after the mark could not be decided.</summary>
        public int Failures { get; set; }

        /// <summary>Letters that came before their turn.</summary>
        public Dictionary<long, Envelope> Early { get; } = [];
    }
}
