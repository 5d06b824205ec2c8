using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite.Commands;

namespace AgentCluster.Storage.Sqlite;

/// <summary>What the writing connection prepares once and runs for ever.</summary>
internal sealed class WriterStatements
{
    private readonly Statement _fence;
    private readonly Statement _append;
    private readonly Statement _acquire;
    private readonly Statement _release;
    private readonly Statement _lease;
    private readonly Statement _generation;
    private readonly Statement _mark;
    private readonly Dictionary<string, IRowWriter> _rows;

    public WriterStatements(Connection connection, IReadOnlyDictionary<string, RowSql> rows)
    {
        Connection = connection;
        Begin = connection.Prepare("BEGIN IMMEDIATE");
        Commit = connection.Prepare("COMMIT");
        Rollback = connection.Prepare("ROLLBACK");
        _fence = connection.Prepare(
            "UPDATE lease SET sequence = ?1, last_batch = ?2 " +
            "WHERE shard = ?3 AND generation = ?4 AND epoch = ?5 AND owner = ?6 AND sequence = ?7 AND last_batch = ?8");
        _append = connection.Prepare(
            "INSERT INTO event (shard, sequence, actor, name, at, payload, replayed, channels) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _acquire = connection.Prepare(
            "INSERT INTO lease (shard, generation, epoch, owner, sequence, last_batch) " +
            "VALUES (?1, (SELECT value FROM meta WHERE name = 'generation'), 1, ?2, 0, zeroblob(16)) " +
            "ON CONFLICT (shard) DO UPDATE SET generation = excluded.generation, epoch = epoch + 1, owner = excluded.owner");
        _release = connection.Prepare("UPDATE lease SET owner = zeroblob(16) WHERE shard = ?1 AND owner = ?2 AND epoch = ?3");
        _lease = connection.Prepare("SELECT generation, epoch, owner, sequence, last_batch FROM lease WHERE shard = ?1");
        _generation = connection.Prepare("SELECT value FROM meta WHERE name = 'generation'");
        _mark = connection.Prepare(
            "INSERT INTO projection (id, shard, owner, version, payload) SELECT ?1, 0, ?2, ?3, ?4 FROM meta " +
            "WHERE name = 'generation' AND value = ?5 AND ?3 = 1 + coalesce((SELECT version FROM projection WHERE id = ?1), 0) " +
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, payload = excluded.payload");
        Commands = new(connection);
        _rows = rows.ToDictionary(
            table => table.Key,
            table => table.Key == RuntimeTables.Command.Name ? Commands : (IRowWriter)new RowWriter(connection, table.Value.Table),
            StringComparer.Ordinal);
    }

    public Connection Connection { get; }

    /// <summary>The one table that is not written by id.</summary>
    public CommandWriter Commands { get; }

    public Statement Begin { get; }

    public Statement Commit { get; }

    public Statement Rollback { get; }

    /// <summary>Moves the lease row on, if it is still as the batch says.</summary>
    public bool Fence(StoreBatch batch)
    {
        if (batch.Held.Owner == Incarnation.None)
        {
            return false;
        }

        _fence.Bind(1, batch.Sequence);
        _fence.Bind(2, batch.Id);
        _fence.Bind(3, batch.Held.Shard);
        _fence.Bind(4, batch.Held.Generation);
        _fence.Bind(5, batch.Held.Epoch);
        _fence.Bind(6, batch.Held.Owner.Value);
        _fence.Bind(7, batch.Held.Sequence);
        _fence.Bind(8, batch.Held.LastBatch);
        _fence.Run();
        return Connection.Changes == 1;
    }

    public void Append(int shard, long sequence, in EventWrite written)
    {
        _append.Bind(1, shard);
        _append.Bind(2, sequence);
        _append.Bind(3, written.Actor);
        _append.Bind(4, written.Name);
        _append.Bind(5, RowValue.Micros(written.At));
        _append.Bind(6, written.Payload.Span);
        _append.Bind(7, written.Replayed ? 1 : 0);
        _append.Bind(8, written.Channels);
        _append.Run();
    }

    /// <exception cref="SqliteError">A data error: another actor owns the row.</exception>
    public void Put(int shard, in RowWrite write) => _rows[write.Table.Name].Put(shard, write.Row);

    public void Remove(int shard, in RowGone gone) => _rows[gone.Table.Name].Remove(shard, gone.Id);

    public ShardLease Acquire(int shard, Incarnation owner)
    {
        _acquire.Bind(1, shard);
        _acquire.Bind(2, owner.Value);
        _acquire.Run();
        return Lease(shard);
    }

    public void Release(ShardOwner held)
    {
        _release.Bind(1, held.Shard);
        _release.Bind(2, held.Owner.Value);
        _release.Bind(3, held.Epoch);
        _release.Run();
    }

    public ShardLease Lease(int shard)
    {
        _lease.Bind(1, shard);
        if (_lease.Step())
        {
            var lease = new ShardLease(
                shard, (int)_lease.Number(0), _lease.Number(1), new(_lease.Wide(2)), _lease.Number(3), _lease.Wide(4));
            _lease.Reset();
            return lease;
        }

        _generation.Step();
        var generation = (int)_generation.Number(0);
        _generation.Reset();
        return new(shard, generation, 0, Incarnation.None, 0, UInt128.Zero);
    }

    /// <summary>Moves a projection's cursor on, if it is still where the batch began.</summary>
    public bool Mark(ProjectionBatch batch)
    {
        var mark = batch.Mark;
        _mark.Bind(1, mark.Key.Id);
        _mark.Bind(2, mark.Owner);
        _mark.Bind(3, batch.Version);
        _mark.Bind(4, mark.Payload.Span);
        _mark.Bind(5, batch.Generation);
        _mark.Run();
        return Connection.Changes == 1;
    }
}
