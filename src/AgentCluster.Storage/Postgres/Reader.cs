using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>Reads committed rows and events. Each call sees one moment.</summary>
/// <param name="connections">For reads alone.</param>
/// <param name="rows">The statements of each table, by its name.</param>
internal sealed class Reader(Connections connections, IReadOnlyDictionary<string, RowSql> rows)
{
    private const string EventColumns = "shard, sequence, actor, name, at, payload, channels";

    /// <summary>Arrays of shards, of the last sequence already read, and of how many events follow. Each share is looked up by itself.</summary>
    /// <remarks>
    /// Joined with a range of sequences it would be planned for as many events as a range has in general, a ninth of the shard, and
    /// for a page of many shards that is to read the whole journal.
    /// </remarks>
    public const string SelectShares =
        $"SELECT {EventColumns} FROM unnest($1::integer[], $2::bigint[], $3::integer[]) AS s(of_shard, after, many) CROSS JOIN LATERAL " +
        $"(SELECT {EventColumns} FROM event WHERE shard = of_shard AND sequence > after ORDER BY sequence LIMIT many) AS e ORDER BY shard, sequence";

    private const string SelectGeneration = "SELECT value FROM meta WHERE name = 'generation'";

    public Task<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken)
    {
        RowTable[] owned = [RuntimeTables.Outbox, RuntimeTables.Sent, RuntimeTables.Received, RuntimeTables.Timer];
        var snapshot = new NpgsqlBatchCommand(rows[RuntimeTables.Snapshot.Name].SelectOwned);
        snapshot.Parameters.Bind(actor.ToString(), NpgsqlDbType.Text);
        var all = owned.Select(table =>
        {
            var select = new NpgsqlBatchCommand(rows[table.Name].SelectOwned);
            select.Parameters.Bind(actor.ToString(), NpgsqlDbType.Text);
            return select;
        });
        return connections.AtOneMomentAsync([snapshot, .. all], async reader => new ActorImage(
            (await AllAsync(reader, RuntimeTables.Snapshot)).FirstOrDefault(),
            await NextAsync(reader, RuntimeTables.Outbox),
            await NextAsync(reader, RuntimeTables.Sent),
            await NextAsync(reader, RuntimeTables.Received),
            await NextAsync(reader, RuntimeTables.Timer)), cancellationToken);
    }

    public Task<IReadOnlyList<Row>> ReadAsync(RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var select = new NpgsqlBatchCommand(rows[table.Name].Select);
        select.Parameters.Bind(ids.Where(StoreRules.IsStorable).ToArray(), NpgsqlDbType.Text | NpgsqlDbType.Array);
        return connections.AskAsync<IReadOnlyList<Row>>([select], async reader => await AllAsync(reader, table), cancellationToken);
    }

    public Task<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        var sql = QuerySql.Of(rows[query.Table.Name], query);
        return query.WithTotal
            ? connections.AtOneMomentAsync([sql.Select(), sql.Count()], async reader =>
            {
                var page = await AllAsync(reader, query.Table);
                await reader.NextResultAsync();
                await reader.ReadAsync();
                return new RowPage(page, reader.GetInt64(0));
            }, cancellationToken)
            : connections.AskAsync([sql.Select()], async reader => new RowPage(await AllAsync(reader, query.Table), null), cancellationToken);
    }

    public Task<IReadOnlyList<ActorId>> OwnersAsync(RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        connections.AskAsync<IReadOnlyList<ActorId>>(
            [QuerySql.Of(rows[query.Table.Name], query, shards).Owners()],
            async reader =>
            {
                var owners = new List<ActorId>();
                while (await reader.ReadAsync())
                {
                    owners.Add(reader.Actor(0));
                }

                return owners;
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> EventsAsync(int shard, long after, int limit, CancellationToken cancellationToken)
    {
        var select = new NpgsqlBatchCommand($"SELECT {EventColumns} FROM event WHERE shard = $1 AND sequence > $2 ORDER BY sequence LIMIT $3");
        select.Parameters.Bind(shard, NpgsqlDbType.Integer);
        select.Parameters.Bind(after, NpgsqlDbType.Bigint);
        select.Parameters.Bind((long)limit, NpgsqlDbType.Bigint);
        return connections.AskAsync<IReadOnlyList<StoredEvent>>([select], async reader => await EventsAsync(reader), cancellationToken);
    }

    public Task<IReadOnlyList<StoredEvent>> EventsAsync(ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken)
    {
        var select = new NpgsqlBatchCommand(
            $"SELECT {EventColumns} FROM event WHERE replayed AND actor = $1 AND sequence > $2 AND shard = $3 ORDER BY sequence LIMIT $4");
        select.Parameters.Bind(actor.ToString(), NpgsqlDbType.Text);
        select.Parameters.Bind(after, NpgsqlDbType.Bigint);
        select.Parameters.Bind(shard, NpgsqlDbType.Integer);
        select.Parameters.Bind((long)limit, NpgsqlDbType.Bigint);
        return connections.AskAsync<IReadOnlyList<StoredEvent>>([select], async reader => await EventsAsync(reader), cancellationToken);
    }

    /// <summary>What the database's settings make of "acknowledged" now.</summary>
    public Task<Durability> DurabilityAsync(CancellationToken cancellationToken) =>
        connections.UseAsync((connection, _) => Durability.ReadAsync(connection), cancellationToken);

    public Task<JournalHead> HeadAsync(CancellationToken cancellationToken) => connections.AskAsync([Ends()], async reader =>
    {
        var (generation, ends) = await EndsAsync(reader);
        return new JournalHead(generation, JournalCursor.At(ends));
    }, cancellationToken);

    /// <remarks>
    /// Two questions, the second as of a later moment: what a lease row has once said is committed stays so, and the generation is
    /// read with the events.
    /// </remarks>
    public async Task<JournalPage> JournalAsync(JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken)
    {
        var (generation, ends) = await connections.AskAsync([Ends()], EndsAsync, cancellationToken);
        var shares = JournalShares.Share(ends, after, upTo, limit);
        if (shares.Count == 0)
        {
            return new(generation, []);
        }

        var select = new NpgsqlBatchCommand(SelectShares);
        select.Parameters.BindArray(shares, share => share.Shard, NpgsqlDbType.Integer);
        select.Parameters.BindArray(shares, share => share.After, NpgsqlDbType.Bigint);
        select.Parameters.BindArray(shares, share => share.Count, NpgsqlDbType.Integer);
        return await connections.AtOneMomentAsync([select, new(SelectGeneration)], async reader =>
        {
            var events = await EventsAsync(reader);
            await reader.NextResultAsync();
            await reader.ReadAsync();
            return new JournalPage((int)reader.GetInt64(0), events);
        }, cancellationToken);
    }

    public Task<IReadOnlyList<StoredEvent>> PlacesAsync(IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken)
    {
        var select = new NpgsqlBatchCommand(
            $"SELECT {EventColumns} FROM unnest($1::integer[], $2::bigint[]) WITH ORDINALITY AS p(of_shard, of_sequence, place) " +
            "JOIN event ON shard = of_shard AND sequence = of_sequence ORDER BY place");
        select.Parameters.BindArray(places, place => place.Shard, NpgsqlDbType.Integer);
        select.Parameters.BindArray(places, place => place.Sequence, NpgsqlDbType.Bigint);
        return connections.AskAsync<IReadOnlyList<StoredEvent>>([select], async reader => await EventsAsync(reader), cancellationToken);
    }

    // The lease rows move in the commit that appends, so they say where each shard ends.
    private static NpgsqlBatchCommand Ends() => new(
        "SELECT value, shard, sequence FROM meta LEFT JOIN lease ON sequence > 0 WHERE name = 'generation' ORDER BY shard");

    private static async Task<(int Generation, List<(int Shard, long Sequence)> Ends)> EndsAsync(NpgsqlDataReader reader)
    {
        var generation = 0;
        var ends = new List<(int, long)>();
        while (await reader.ReadAsync())
        {
            generation = (int)reader.GetInt64(0);
            if (!reader.IsDBNull(1))
            {
                ends.Add((reader.GetInt32(1), reader.GetInt64(2)));
            }
        }

        return (generation, ends);
    }

    private static async Task<List<StoredEvent>> EventsAsync(NpgsqlDataReader reader)
    {
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync())
        {
            events.Add(reader.Event());
        }

        return events;
    }

    private async Task<List<Row>> NextAsync(NpgsqlDataReader reader, RowTable table)
    {
        await reader.NextResultAsync();
        return await AllAsync(reader, table);
    }

    private async Task<List<Row>> AllAsync(NpgsqlDataReader reader, RowTable table)
    {
        var sql = rows[table.Name];
        var found = new List<Row>();
        while (await reader.ReadAsync())
        {
            found.Add(sql.Read(reader));
        }

        return found;
    }
}
