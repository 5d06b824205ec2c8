using AgentCluster.Actors;

namespace AgentCluster.TestKit.Stores;

/// <summary>The rows of one table, by id, and their ids by owner.</summary>
internal sealed class MemoryTable
{
    private readonly Dictionary<string, (Row Row, int Shard)> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<ActorId, HashSet<string>> _owned = [];

    public IEnumerable<(Row Row, int Shard)> Rows => _rows.Values;

    public Row? Find(string id) => _rows.TryGetValue(id, out var found) ? found.Row : null;

    /// <summary>A row of one of certain shards.</summary>
    public Row? Find(string id, Predicate<int> ofShard) => _rows.TryGetValue(id, out var found) && ofShard(found.Shard) ? found.Row : null;

    public IReadOnlyList<Row> OwnedBy(ActorId owner) => _owned.TryGetValue(owner, out var ids)
        ? [.. ids.Order(CodePoints.Order).Select(id => _rows[id].Row)]
        : [];

    public void Put(Row row, int shard)
    {
        if (!_rows.ContainsKey(row.Key.Id))
        {
            if (!_owned.TryGetValue(row.Owner, out var ids))
            {
                _owned.Add(row.Owner, ids = new(StringComparer.Ordinal));
            }

            ids.Add(row.Key.Id);
        }

        _rows[row.Key.Id] = (row, shard);
    }

    /// <summary>Removes a row of this shard; one of another shard stays.</summary>
    public void Remove(string id, int shard)
    {
        if (!_rows.TryGetValue(id, out var found) || found.Shard != shard)
        {
            return;
        }

        _rows.Remove(id);
        var ids = _owned[found.Row.Owner];
        ids.Remove(id);
        if (ids.Count == 0)
        {
            _owned.Remove(found.Row.Owner);
        }
    }
}
