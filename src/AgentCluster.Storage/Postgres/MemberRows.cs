using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>The rows of <see cref="IMembers"/>. Each change is one statement of its own transaction.</summary>
/// <param name="leases">Connections that no commit and no reader can keep.</param>
/// <param name="reads">Connections for everything else.</param>
/// <param name="renewal">How long the answer to a renewal is waited for.</param>
internal sealed class MemberRows(Connections leases, Connections reads, TimeSpan renewal)
{
    // What follows on a generation that was begun. Leases in the order of their shards, as commits lock them.
    private const string Afresh =
        """
        , ended AS (
          UPDATE member SET status = 'down' WHERE EXISTS (SELECT FROM begun)
        ), locked AS MATERIALIZED (
          SELECT shard FROM lease WHERE EXISTS (SELECT FROM begun) ORDER BY shard FOR NO KEY UPDATE
        ), freed AS (
          UPDATE lease AS l SET generation = begun.value, owner = '00000000-0000-0000-0000-000000000000' FROM locked, begun WHERE l.shard = locked.shard
        )
        SELECT value FROM begun
        """;

    private const string Begin = "WITH begun AS (UPDATE meta SET value = value + 1 WHERE name = 'generation' RETURNING value) " + Afresh;

    // A server that was promoted, or restored to a moment, goes on in another timeline: commits of the one before may be missing.
    private const string BeginInAnotherTimeline =
        """
        WITH moved AS (
          UPDATE meta SET value = timeline FROM (SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint AS timeline) AS now
          WHERE name = 'timeline' AND value <> timeline RETURNING value
        ), begun AS (
          UPDATE meta SET value = value + 1 WHERE name = 'generation' AND EXISTS (SELECT FROM moved) RETURNING value
        )
        """ + Afresh;

    public Task JoinAsync(Member self, CancellationToken cancellationToken)
    {
        var forget = new NpgsqlBatchCommand(
            "DELETE FROM member WHERE status = 'down' AND NOT EXISTS (SELECT FROM lease WHERE owner = incarnation)");
        var join = new NpgsqlBatchCommand(
            "INSERT INTO member (incarnation, address, version, counter, status, joined_at, peer_address) VALUES ($1, $2, $3, 1, 'up', $4, $5) ON CONFLICT DO NOTHING");
        join.Parameters.Bind(self.Incarnation.Value.ToGuid(), NpgsqlDbType.Uuid);
        join.Parameters.Bind(self.Address, NpgsqlDbType.Text);
        join.Parameters.Bind(self.Version, NpgsqlDbType.Text);
        join.Parameters.Bind(RowValue.Micros(self.JoinedAt), NpgsqlDbType.Bigint);
        join.Parameters.Bind(self.PeerAddress, NpgsqlDbType.Text);
        return leases.AskAsync([forget, join], _ => Task.FromResult(true), cancellationToken);
    }

    public Task<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken)
    {
        var renew = new NpgsqlBatchCommand("UPDATE member SET counter = counter + 1 WHERE incarnation = $1 AND status <> 'down' RETURNING counter");
        renew.Parameters.Bind(self.Value.ToGuid(), NpgsqlDbType.Uuid);
        NpgsqlBatchCommand[] view =
        [
            new("SELECT value FROM meta WHERE name = 'generation'"),
            new("SELECT incarnation, address, counter, status, joined_at, version, peer_address FROM member ORDER BY incarnation"),
            new("SELECT shard, epoch, owner FROM lease ORDER BY shard"),
            new(BeginInAnotherTimeline),
        ];
        return leases.AskAsync([renew, .. view], async reader => await reader.ReadAsync() ? await ViewAsync(reader) : null, cancellationToken, renewal);
    }

    public Task<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken)
    {
        var declare = new NpgsqlBatchCommand(
            "UPDATE member SET status = 'down' WHERE incarnation = $1 AND status <> 'down' AND counter = coalesce($2, counter) RETURNING counter");
        declare.Parameters.Bind(member.Value.ToGuid(), NpgsqlDbType.Uuid);
        declare.Parameters.Bind(counter, NpgsqlDbType.Bigint);
        return leases.AskAsync([declare], reader => reader.ReadAsync(), cancellationToken);
    }

    public Task<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken)
    {
        var leave = new NpgsqlBatchCommand("UPDATE member SET status = 'leaving' WHERE incarnation = $1 AND status = 'up' RETURNING counter");
        leave.Parameters.Bind(member.Value.ToGuid(), NpgsqlDbType.Uuid);
        return leases.AskAsync([leave], reader => reader.ReadAsync(), cancellationToken);
    }

    public Task<int> BeginGenerationAsync(CancellationToken cancellationToken) => leases.UseAsync(async (connection, over) =>
    {
        await using var begin = new NpgsqlCommand(Begin, connection);
        return (int)(long)(await begin.ExecuteScalarAsync(over))!;
    }, cancellationToken);

    /// <remarks>In one generation an epoch names its owner: it grows with each one, and a release leaves it. So comparing these two is enough.</remarks>
    public Task<IReadOnlyList<ShardLease>> TakeAsync(IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken)
    {
        var inOrder = found.OrderBy(each => each.Shard).ToList();
        var take = new NpgsqlBatchCommand(
            "INSERT INTO lease AS l (shard, generation, epoch, owner, sequence, last_batch) " +
            "SELECT s, m.value, e + 1, $3, 0, '00000000-0000-0000-0000-000000000000' FROM unnest($1::integer[], $2::bigint[]) AS f(s, e), meta AS m " +
            "WHERE m.name = 'generation' AND m.value = $4 AND EXISTS (SELECT FROM member WHERE incarnation = $3 AND status = 'up') ORDER BY s " +
            "ON CONFLICT (shard) DO UPDATE SET generation = excluded.generation, epoch = excluded.epoch, owner = excluded.owner " +
            "WHERE l.epoch = excluded.epoch - 1 RETURNING shard, generation, epoch, owner, sequence, last_batch");
        take.Parameters.BindArray(inOrder, each => each.Shard, NpgsqlDbType.Integer);
        take.Parameters.BindArray(inOrder, each => each.Epoch, NpgsqlDbType.Bigint);
        take.Parameters.Bind(owner.Value.ToGuid(), NpgsqlDbType.Uuid);
        take.Parameters.Bind((long)generation, NpgsqlDbType.Bigint);
        return leases.UseAsync<IReadOnlyList<ShardLease>>(async (connection, over) =>
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { take } };
            await using var reader = await batch.ExecuteReaderAsync(over);
            List<ShardLease> taken = [];
            while (await reader.ReadAsync(CancellationToken.None))
            {
                taken.Add(reader.Lease());
            }

            return taken;
        }, cancellationToken);
    }

    public Task<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken)
    {
        // Read first: what is read after it may be of a later generation, and is then refused for nothing and read again.
        var generation = new NpgsqlBatchCommand("SELECT value FROM meta WHERE name = 'generation'");
        var letters = new NpgsqlBatchCommand(
            "SELECT owner, receiver, number, name, payload FROM outbox WHERE shard <> ALL($1) ORDER BY number, id LIMIT $2");
        var taken = new NpgsqlBatchCommand(
            "SELECT o.owner, o.receiver, max(r.number) FROM outbox o JOIN received r ON r.id = o.owner || '>' || o.receiver " +
            "WHERE o.shard = ANY($1) AND r.shard <> ALL($1) AND r.number >= o.number GROUP BY o.owner, o.receiver LIMIT $2");
        foreach (var command in (NpgsqlBatchCommand[])[letters, taken])
        {
            command.Parameters.Bind(owned.ToArray(), NpgsqlDbType.Integer | NpgsqlDbType.Array);
            command.Parameters.Bind((long)limit, NpgsqlDbType.Bigint);
        }

        return reads.AskAsync([generation, letters, taken], async reader =>
        {
            await reader.ReadAsync();
            var readIn = (int)reader.GetInt64(0);
            await reader.NextResultAsync();
            List<PostedLetter> read = [];
            while (await reader.ReadAsync())
            {
                read.Add(new(reader.Actor(0), reader.Actor(1), reader.GetInt64(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
            }

            await reader.NextResultAsync();
            List<TakenLetter> effects = [];
            while (await reader.ReadAsync())
            {
                effects.Add(new(reader.Actor(0), reader.Actor(1), reader.GetInt64(2)));
            }

            return new Post(readIn, read, effects);
        }, cancellationToken);
    }

    private static async Task<ClusterView> ViewAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync();
        await reader.ReadAsync();
        var generation = (int)reader.GetInt64(0);

        await reader.NextResultAsync();
        List<Member> members = [];
        while (await reader.ReadAsync())
        {
            members.Add(new(
                new(reader.Wide(0)),
                reader.GetString(1),
                reader.GetInt64(2),
                Enum.Parse<MemberStatus>(reader.GetString(3), ignoreCase: true),
                RowValue.Moment(reader.GetInt64(4)),
                reader.GetString(5))
            {
                PeerAddress = reader.GetString(6),
            });
        }

        await reader.NextResultAsync();
        List<ShardOwner> owners = [];
        while (await reader.ReadAsync())
        {
            owners.Add(new(reader.GetInt32(0), reader.GetInt64(1), new(reader.Wide(2))));
        }

        return new(generation, members, owners);
    }
}
