using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Projections;

/// <summary>The rows of one page: as they were read, and what the fold has made of them.</summary>
/// <param name="owner">Of all rows.</param>
/// <param name="keys">Those that were looked for.</param>
/// <param name="read">Those of them that exist.</param>
internal sealed class ProjectedRows(ActorId owner, IReadOnlySet<RowKey> keys, IEnumerable<Row> read) : IProjectedRows
{
    private readonly Dictionary<RowKey, Row> _read = read.ToDictionary(row => row.Key);
    private readonly Dictionary<RowKey, Slot> _slots = [];

    public IReadOnlyList<RowWrite> Written =>
        [.. _slots.Where(slot => slot.Value is { IsChanged: true, Value: not null }).Select(slot => new RowWrite(slot.Value.Table!, slot.Value.Write!(slot.Key)))];

    /// <summary>What was there and is not. A row that came and went within the page was never there.</summary>
    public IReadOnlyList<RowGone> Gone =>
        [.. _slots.Where(slot => slot.Value is { IsChanged: true, Value: null } && _read.ContainsKey(slot.Key)).Select(slot => new RowGone(slot.Value.Table!, slot.Key.Id))];

    /// <inheritdoc/>
    public T? Find<T>(RowKey key, Func<Row, T> read)
        where T : class
    {
        if (!_slots.TryGetValue(key, out var slot))
        {
            // One that was not looked for would seem not to be there, and be written over.
            Invariant.Holds(keys.Contains(key), "A projection looks for a row that it did not say it reads.");
            _slots[key] = slot = new() { Value = _read.TryGetValue(key, out var row) ? read(row) : null };
        }

        return (T?)slot.Value;
    }

    /// <inheritdoc/>
    public void Put<T>(RowTable table, string id, T value, Func<T, (IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload)> write)
        where T : class => _slots[new(table.Name, id)] = new()
        {
            IsChanged = true,
            Table = table,
            Value = value,
            Write = key =>
            {
                var (columns, payload) = write(value);
                return new(key, owner, columns, payload);
            },
        };

    /// <inheritdoc/>
    public void Remove(RowTable table, string id)
    {
        var key = new RowKey(table.Name, id);
        Invariant.Holds(keys.Contains(key) || _slots.ContainsKey(key), "A projection removes a row that it did not say it reads.");
        _slots[key] = new() { IsChanged = true, Table = table };
    }

    private sealed class Slot
    {
        public bool IsChanged { get; init; }

        public RowTable? Table { get; init; }

        public object? Value { get; init; }

        public Func<RowKey, Row>? Write { get; init; }
    }
}
