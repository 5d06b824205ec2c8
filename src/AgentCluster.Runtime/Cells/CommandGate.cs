using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <summary>
/// Lets a command that carries an id take effect once (P4). An id that is under way is waited for; one that is not is
/// looked up, many at a time; one that was remembered is answered as the first time.
/// </summary>
internal sealed class CommandGate(Cell cell)
{
    private const int IdsPerLookup = 1_000;
    private readonly Dictionary<UInt128, First> _underWay = [];
    private readonly Queue<Envelope> _unknown = new();
    private bool _looking;

    public int UnderWay => _underWay.Count;

    public static string RowId(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    public void Admit(Envelope envelope)
    {
        var id = envelope.Id!.Value;
        envelope.KeyHash = StableHash.Command(cell.Id, id);
        envelope.KeyRow = RowId(envelope.KeyHash);
        if (cell.Node.Breaks(Mutant.ForgetsCommandIds))
        {
            cell.Take(envelope);
            return;
        }

        if (!_underWay.TryGetValue(envelope.KeyHash, out var first))
        {
            _underWay.Add(envelope.KeyHash, new(envelope));
            _unknown.Enqueue(envelope);
            LookUp();
        }
        else if (cell.Node.Breaks(Mutant.DecidesRepeatsUnderWay))
        {
            cell.Take(envelope);
        }
        else
        {
            first.Repeats.Add(envelope);
        }
    }

    /// <summary>
    /// The first was answered: so are its repeats. What says something else under the same id is looked up: whichever of
    /// them is remembered is right, not whichever came first.
    /// </summary>
    public void Answered(Envelope envelope, object reply)
    {
        if (TryEnd(envelope) is { } ended)
        {
            foreach (var repeat in ended.Repeats)
            {
                if (IsSame(repeat, envelope))
                {
                    cell.Release(repeat, reply, writes: true);
                }
                else
                {
                    Again(repeat);
                }
            }
        }
    }

    /// <summary>
    /// The first failed. When its outcome is unknown so is its repeats'; when it was certainly not done, a repeat takes
    /// its place.
    /// </summary>
    public void Failed(Envelope envelope, Exception error)
    {
        if (TryEnd(envelope) is not { } ended)
        {
            return;
        }

        foreach (var repeat in ended.Repeats)
        {
            if (IsSame(repeat, envelope) && (cell.IsDetached || error is not ActorUnavailableException))
            {
                cell.Fail(repeat, error);
            }
            else
            {
                Again(repeat);
            }
        }
    }

    private static bool IsSame(Envelope repeat, Envelope first) => repeat.Id!.Value.Payload == first.Id!.Value.Payload;

    private void Again(Envelope repeat)
    {
        if (cell.IsDetached)
        {
            cell.Forward(repeat);
        }
        else
        {
            Admit(repeat);
        }
    }

    private First? TryEnd(Envelope envelope) =>
        _underWay.TryGetValue(envelope.KeyHash, out var first) && first.Envelope == envelope
        && _underWay.Remove(envelope.KeyHash)
            ? first
            : null;

    private void LookUp()
    {
        if (_looking || _unknown.Count == 0)
        {
            return;
        }

        _looking = true;
        List<Envelope> batch = [];
        while (batch.Count < IdsPerLookup && _unknown.TryDequeue(out var envelope))
        {
            batch.Add(envelope);
        }

        var ids = batch.ConvertAll(envelope => envelope.KeyRow);
        var reading = cell.Node.Store.ReadAsync(RuntimeTables.Command, ids, CancellationToken.None);
        if (reading.IsCompletedSuccessfully)
        {
            // Of a new id a store may know at once that it is new.
            LookedUp(batch, reading.Result, null);
        }
        else
        {
            cell.Shard.Lane.Await(reading, (rows, error) => LookedUp(batch, rows, error));
        }
    }

    private void LookedUp(List<Envelope> batch, IReadOnlyList<Row>? rows, Exception? error)
    {
        _looking = false;
        var remembered = rows is { Count: > 0 } ? rows.ToDictionary(row => row.Key.Id) : null;
        foreach (var envelope in batch)
        {
            GoOn(envelope, remembered?.GetValueOrDefault(envelope.KeyRow), error);
        }

        if (cell.IsDetached)
        {
            while (_unknown.TryDequeue(out var envelope))
            {
                Forward(envelope);
            }
        }
        else
        {
            LookUp();
        }
    }

    private void GoOn(Envelope envelope, Row? remembered, Exception? error)
    {
        if (cell.IsDetached && !cell.Node.Breaks(Mutant.DetachedGoesOn))
        {
            Forward(envelope);
        }
        else if (error is not null)
        {
            cell.Fail(envelope, Unavailable.NotReady, $"remembered commands cannot be read now ({error.Message})");
        }
        else if (remembered is null)
        {
            cell.Take(envelope);
        }
        else if (remembered.Columns[0].Text != RowId(envelope.Id!.Value.Payload))
        {
            cell.Fail(envelope, new CommandIdMismatchException(cell.Id, envelope.Id!.Value.Key));
        }
        else
        {
            cell.Release(envelope, cell.Kind.Json.Replies.Read(remembered.Columns[1].Text!, remembered.Payload.Span), writes: true);
        }
    }

    /// <summary>Undecided, so the cell in our place goes on with it and with its repeats.</summary>
    private void Forward(Envelope envelope)
    {
        var ended = TryEnd(envelope);
        cell.Forward(envelope);
        foreach (var repeat in ended?.Repeats ?? [])
        {
            cell.Forward(repeat);
        }
    }

    private sealed class First(Envelope envelope)
    {
        public Envelope Envelope { get; } = envelope;

        public List<Envelope> Repeats { get; } = [];
    }
}
