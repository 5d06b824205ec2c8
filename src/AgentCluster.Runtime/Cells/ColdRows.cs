using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Mutants;

namespace AgentCluster.Runtime.Cells;

/// <summary>
/// The rows that are not in memory. A command that needs some is set aside, others go on, and it is decided again once
/// they are loaded. A row that somebody needs, or that a part in flight has touched, is pinned: it is not forgotten, so
/// what a load brings is never older than what is in memory.
/// </summary>
internal sealed class ColdRows(Cell cell)
{
    private const int LoadsPerCommand = 8;
    private const int RowsPerLoad = 1_000;
    private readonly Dictionary<RowKey, int> _pins = [];
    private readonly Queue<(Envelope Envelope, ImmutableArray<RowKey> Keys)> _waiting = new();
    private bool _loading;

    public void Pin(RowKey key) => _pins[key] = _pins.GetValueOrDefault(key) + 1;

    public void Unpin(RowKey key)
    {
        var left = _pins[key] - 1;
        if (left > 0)
        {
            _pins[key] = left;
        }
        else
        {
            _pins.Remove(key);
        }

        if (left == 0 || cell.Node.Breaks(Mutant.ForgetsPinnedRows))
        {
            cell.Machine.Forget(key);
        }
    }

    /// <summary>A command is decided, or never will be: the rows that it needed may go.</summary>
    public void Unpin(Envelope envelope)
    {
        foreach (var key in envelope.Pinned!)
        {
            Unpin(key);
        }

        envelope.Forget();
    }

    public void SetAside(Envelope envelope, ImmutableArray<RowKey> keys)
    {
        Invariant.Holds(
            ++envelope.Loads <= LoadsPerCommand, $"{envelope.Command.GetType().Name} asks for ever more rows of {cell.Id}.");
        foreach (var key in keys)
        {
            Pin(key);
        }

        (envelope.Pinned ??= []).AddRange(keys);
        _waiting.Enqueue((envelope, keys));
        Load();
    }

    private void Load()
    {
        if (_loading || _waiting.Count == 0)
        {
            return;
        }

        _loading = true;
        List<(Envelope Envelope, ImmutableArray<RowKey> Keys)> batch = [];
        HashSet<RowKey> keys = [];
        while (_waiting.TryPeek(out var next) && (batch.Count == 0 || keys.Count + next.Keys.Length <= RowsPerLoad))
        {
            batch.Add(_waiting.Dequeue());
            keys.UnionWith(next.Keys);
        }

        cell.Shard.Lane.Await(ReadAsync(keys), (rows, error) => Loaded(batch, rows, error));
    }

    private async ValueTask<IReadOnlyList<Row>> ReadAsync(HashSet<RowKey> keys)
    {
        List<Row> rows = [];
        foreach (var table in keys.Select(key => key.Table).Distinct().Order(StringComparer.Ordinal))
        {
            string[] ids = [.. keys.Where(key => key.Table == table).Select(key => key.Id).Order(StringComparer.Ordinal)];
            foreach (var page in ids.Chunk(RowsPerLoad))
            {
                rows.AddRange(await cell.Node.Store.ReadAsync(cell.Kind.Table(table), page, CancellationToken.None));
            }
        }

        // A row of another actor is none of ours, whatever its id.
        return [.. rows.Where(row => row.Owner == cell.Id)];
    }

    private void Loaded(
        List<(Envelope Envelope, ImmutableArray<RowKey> Keys)> batch, IReadOnlyList<Row>? rows, Exception? error)
    {
        _loading = false;
        if (!cell.IsDetached && error is null)
        {
            cell.Machine.Load(rows!);
        }

        var found = rows?.Select(row => row.Key).ToHashSet() ?? [];
        foreach (var (envelope, keys) in batch)
        {
            GoOn(envelope, keys, found, error);
        }

        if (!cell.IsDetached)
        {
            Load();
        }
        else
        {
            while (_waiting.TryDequeue(out var next))
            {
                cell.Forward(next.Envelope);
            }
        }
    }

    private void GoOn(Envelope envelope, ImmutableArray<RowKey> keys, HashSet<RowKey> found, Exception? error)
    {
        if (cell.IsDetached)
        {
            cell.Forward(envelope);
            return;
        }

        if (error is not null)
        {
            cell.Fail(envelope, Unavailable.NotReady, $"rows that it needs cannot be read now ({error.Message})");
            Unpin(envelope);
        }
        else
        {
            envelope.Absent ??= [];
            envelope.Absent.UnionWith(keys.Where(key => !found.Contains(key)));
            cell.Take(envelope);
        }
    }
}
