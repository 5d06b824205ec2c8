using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Projections;

/// <summary>The rows of one page: as they were read, and what the fold has made of them.</summary>
internal sealed class ProjectedRows(ActorId owner, IReadOnlySet<RowKey> keys, IEnumerable<Row> read) : IProjectedRows
{
    private readonly Dictionary<RowKey, Row?> _rows = read.ToDictionary(row => row.Key, row => (Row?)row);
    private readonly Dictionary<RowKey, RowTable> _changed = [];

    public IReadOnlyList<RowWrite> Written => [.. Changed.Where(row => row.Row is not null).Select(row => new RowWrite(row.Table, row.Row!))];

    public IReadOnlyList<RowGone> Gone => [.. Changed.Where(row => row.Row is null).Select(row => new RowGone(row.Table, row.Id))];

    private IEnumerable<(RowTable Table, string Id, Row? Row)> Changed =>
        _changed.Select(changed => (changed.Value, changed.Key.Id, _rows[changed.Key]));

    /// <inheritdoc/>
    public Row? Find(RowKey key)
    {
        // One that was not read would look as if it were not there, and be written over.
        Invariant.Holds(keys.Contains(key), "A projection looks for a row that it did not say it reads.");
        return _rows.GetValueOrDefault(key);
    }

    /// <inheritdoc/>
    public void Put(RowTable table, string id, IReadOnlyList<RowValue> columns, ReadOnlyMemory<byte> payload)
    {
        var key = new RowKey(table.Name, id);
        _rows[key] = new(key, owner, columns, payload);
        _changed[key] = table;
    }

    /// <inheritdoc/>
    public void Remove(RowTable table, string id)
    {
        var key = new RowKey(table.Name, id);
        _rows[key] = null;
        _changed[key] = table;
    }
}
