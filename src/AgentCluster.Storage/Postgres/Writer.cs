using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>Everything that changes the database. Each change is one statement of its own transaction.</summary>
/// <param name="commits">Connections for commits.</param>
/// <param name="leases">Connections for leases, which no commit can keep.</param>
/// <param name="tables">Every table.</param>
internal sealed class Writer(Connections commits, Connections leases, IReadOnlyList<RowTable> tables)
{
    private const string LeaseColumns = "shard, generation, epoch, owner, sequence, last_batch";

    private readonly CommitArrays _arrays = new(tables);

    /// <summary>Throws only where there is a bug; see <see cref="IStore.CommitAsync"/>.</summary>
    public async Task<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        var isSent = false;
        try
        {
            return await commits.UseAsync(async (connection, over) =>
            {
                await using var command = _arrays.OfGroup(batches);
                command.Connection = connection;
                isSent = true;
                await using var reader = await command.ExecuteReaderAsync(over);
                var written = new HashSet<int>();
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    written.Add(reader.GetInt32(0));
                }

                return written.Count == batches.Count
                    ? CommitResult.Done
                    : new(CommitOutcome.Done, [.. batches.Select(batch => batch.Held.Shard).Where(shard => !written.Contains(shard))]);
            }, cancellationToken);
        }
        catch (OperationCanceledException) when (!isSent)
        {
            return new(CommitOutcome.Failed, [], "Cancelled before it was sent.");
        }
        catch (StoreUnavailableException away)
        {
            return new(isSent ? PostgresError.OutcomeOf(away.InnerException!) : CommitOutcome.Busy, [], away.Message);
        }
    }

    public async Task<IReadOnlyList<ShardLease>> AcquireAsync(IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken)
    {
        // In the order of shards, as commits lock them.
        var acquire = new NpgsqlBatchCommand(
            "INSERT INTO lease AS l (shard, generation, epoch, owner, sequence, last_batch) " +
            "SELECT s, m.value, 1, $2, 0, '00000000-0000-0000-0000-000000000000' FROM unnest($1::integer[]) AS s, meta AS m WHERE m.name = 'generation' ORDER BY s " +
            $"ON CONFLICT (shard) DO UPDATE SET generation = excluded.generation, epoch = l.epoch + 1, owner = excluded.owner RETURNING {LeaseColumns}");
        acquire.Parameters.Bind(shards.Order().ToArray(), NpgsqlDbType.Integer | NpgsqlDbType.Array);
        acquire.Parameters.Bind(owner.Value.ToGuid(), NpgsqlDbType.Uuid);
        var taken = await ChangeAsync(leases, acquire, async reader =>
        {
            var rows = new Dictionary<int, ShardLease>();
            while (await reader.ReadAsync())
            {
                var lease = reader.Lease();
                rows.Add(lease.Shard, lease);
            }

            return rows;
        }, cancellationToken);
        return [.. shards.Select(shard => taken[shard])];
    }

    public Task ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken)
    {
        var release = new NpgsqlBatchCommand(
            "WITH held AS MATERIALIZED (SELECT shard FROM lease WHERE shard = ANY($1) ORDER BY shard FOR NO KEY UPDATE) " +
            "UPDATE lease AS l SET owner = '00000000-0000-0000-0000-000000000000' " +
            "FROM held JOIN unnest($1::integer[], $2::bigint[], $3::uuid[]) AS r(shard, epoch, owner) ON r.shard = held.shard " +
            "WHERE l.shard = r.shard AND l.epoch = r.epoch AND l.owner = r.owner");
        release.Parameters.BindArray(held, each => each.Shard, NpgsqlDbType.Integer);
        release.Parameters.BindArray(held, each => each.Epoch, NpgsqlDbType.Bigint);
        release.Parameters.BindArray(held, each => each.Owner.Value.ToGuid(), NpgsqlDbType.Uuid);
        return ChangeAsync(leases, release, _ => Task.FromResult(true), cancellationToken);
    }

    /// <summary>The lease row under its lock: whatever was sent before and holds it has ended then.</summary>
    /// <remarks>What was sent before and has not begun yet finds another last batch, once the same batch is sent again, and is fenced.</remarks>
    public async Task<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken)
    {
        var locked = new NpgsqlBatchCommand($"SELECT {LeaseColumns} FROM lease WHERE shard = $1 FOR UPDATE");
        locked.Parameters.Bind(shard, NpgsqlDbType.Integer);
        var generation = new NpgsqlBatchCommand("SELECT value FROM meta WHERE name = 'generation'");
        return await leases.AskAsync([locked, generation], async reader =>
        {
            if (await reader.ReadAsync())
            {
                return reader.Lease();
            }

            await reader.NextResultAsync();
            await reader.ReadAsync();
            return new ShardLease(shard, (int)reader.GetInt64(0), 0, Incarnation.None, 0, UInt128.Zero);
        }, cancellationToken);
    }

    public Task<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken) => commits.UseAsync(async (connection, over) =>
    {
        await using var command = _arrays.OfProjection(batch);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(over);
        return await reader.ReadAsync(CancellationToken.None);
    }, cancellationToken);

    public Task<int> ForgetAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var forget = new NpgsqlBatchCommand(
            "DELETE FROM command WHERE id IN (SELECT id FROM command WHERE at < $1 ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED)");
        forget.Parameters.Bind(RowValue.Micros(before), NpgsqlDbType.Bigint);
        forget.Parameters.Bind((long)limit, NpgsqlDbType.Bigint);
        return ChangeAsync(commits, forget, reader => Task.FromResult(reader.RecordsAffected), cancellationToken);
    }

    /// <summary>Sends a change once: whether an unanswered one took effect is unknown.</summary>
    private static Task<T> ChangeAsync<T>(
        Connections connections, NpgsqlBatchCommand change, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        connections.UseAsync(async (connection, over) =>
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { change } };
            await using var reader = await batch.ExecuteReaderAsync(over);
            return await read(reader);
        }, cancellationToken);
}
