using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Storage.Sqlite;

/// <summary>A connection that only reads, on one thread. Each call sees one moment.</summary>
internal sealed class Reader : IDisposable
{
    // The shapes of questions are few; a caller that makes up many must not fill the memory with statements.
    private const int KeptStatements = 128;

    private readonly string _path;
    private readonly IReadOnlyDictionary<string, RowSql> _rows;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private Connection? _connection;

    public Reader(string path, IReadOnlyDictionary<string, RowSql> rows)
    {
        (_path, _rows) = (path, rows);
        _connection = Open();
    }

    public ActorImage Load(ActorId actor) => AtOneMoment(() => new ActorImage(
        Find(_rows[RuntimeTables.Snapshot.Name], actor.ToString()),
        OwnedBy(RuntimeTables.Outbox, actor),
        OwnedBy(RuntimeTables.Sent, actor),
        OwnedBy(RuntimeTables.Received, actor),
        OwnedBy(RuntimeTables.Timer, actor)));

    public IReadOnlyList<Row> Read(RowTable table, IReadOnlyList<string> ids) => AtOneMoment(() =>
    {
        var rows = new List<Row>(ids.Count);
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Where(StoreRules.IsStorable))
        {
            if (Find(_rows[table.Name], id) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    });

    /// <summary>Reads at one moment what this class does not know of.</summary>
    /// <param name="read">Gets what prepares statements, and keeps them.</param>
    public T Read<T>(Func<Func<string, Statement>, T> read) => AtOneMoment(() => read(Prepared));

    public RowPage Query(RowQuery query) => AtOneMoment(() =>
    {
        var table = _rows[query.Table.Name];
        var sql = QuerySql.Of(table, query);
        var select = Prepared(sql.Select);
        sql.Bind(select);
        sql.BindPage(select, query);
        var rows = table.ReadAll(select);
        if (!query.WithTotal)
        {
            return new RowPage(rows, null);
        }

        var count = Prepared(sql.Count);
        sql.Bind(count);
        count.Step();
        var total = count.Number(0);
        count.Reset();
        return new RowPage(rows, total);
    });

    public IReadOnlyList<ActorId> Owners(RowQuery query, IReadOnlyList<int> shards) => AtOneMoment(() =>
    {
        var sql = QuerySql.Of(_rows[query.Table.Name], query, shards);
        var select = Prepared(sql.Owners);
        sql.Bind(select);
        var owners = new List<ActorId>();
        while (select.Step())
        {
            owners.Add(select.Actor(0));
        }

        return owners;
    });

    public IReadOnlyList<StoredEvent> Events(int shard, long after, int limit) => AtOneMoment(() => InOrder(shard, after, limit));

    public JournalPage Journal(JournalCursor after, JournalCursor? upTo, int limit) => AtOneMoment(() =>
    {
        List<StoredEvent> events = [];
        foreach (var share in JournalShares.Share(Ends(), after, upTo, limit))
        {
            events.AddRange(InOrder(share.Shard, share.After, share.Count));
        }

        return new JournalPage(Generation(), events);
    });

    public IReadOnlyList<StoredEvent> Places(IReadOnlyList<JournalPlace> places) => AtOneMoment(() =>
    {
        List<StoredEvent> events = new(places.Count);
        foreach (var place in places)
        {
            events.AddRange(InOrder(place.Shard, place.Sequence - 1, 1).Where(stored => stored.Sequence == place.Sequence));
        }

        return events;
    });

    public JournalHead Head() => AtOneMoment(() => new JournalHead(Generation(), JournalCursor.At(Ends())));

    public IReadOnlyList<StoredEvent> Events(ActorId actor, int shard, long after, int limit) => AtOneMoment(() =>
    {
        var select = Prepared(
            "SELECT sequence, actor, name, at, payload, channels FROM event " +
            "WHERE replayed = 1 AND actor = ?1 AND sequence > ?2 AND +shard = ?3 ORDER BY sequence LIMIT ?4");
        select.Bind(1, actor);
        select.Bind(2, after);
        select.Bind(3, shard);
        select.Bind(4, limit);
        return Events(select, shard);
    });

    public void Dispose() => Close();

    private int Generation()
    {
        var select = Prepared("SELECT value FROM meta WHERE name = 'generation'");
        select.Step();
        var generation = (int)select.Number(0);
        select.Reset();
        return generation;
    }

    // The lease rows move in the commit that appends, so they say where each shard ends.
    private List<(int Shard, long Sequence)> Ends()
    {
        var select = Prepared("SELECT shard, sequence FROM lease WHERE sequence > 0");
        var ends = new List<(int, long)>();
        while (select.Step())
        {
            ends.Add(((int)select.Number(0), select.Number(1)));
        }

        return ends;
    }

    private List<StoredEvent> InOrder(int shard, long after, int limit)
    {
        var select = Prepared(
            "SELECT sequence, actor, name, at, payload, channels FROM event WHERE shard = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3");
        select.Bind(1, shard);
        select.Bind(2, after);
        select.Bind(3, limit);
        return Events(select, shard);
    }

    private static List<StoredEvent> Events(Statement select, int shard)
    {
        var events = new List<StoredEvent>();
        while (select.Step())
        {
            events.Add(new(
                shard,
                select.Number(0),
                select.Actor(1),
                select.Text(2),
                RowValue.Moment(select.Number(3)),
                select.Bytes(4).ToArray(),
                select.Text(5)));
        }

        return events;
    }

    private Row? Find(RowSql table, string id)
    {
        var select = Prepared(table.Select);
        select.Bind(1, id);
        if (!select.Step())
        {
            return null;
        }

        var row = table.Read(select);
        select.Reset();
        return row;
    }

    private List<Row> OwnedBy(RowTable table, ActorId owner)
    {
        var select = Prepared(_rows[table.Name].SelectOwned);
        select.Bind(1, owner);
        return _rows[table.Name].ReadAll(select);
    }

    private Statement Prepared(string sql)
    {
        if (_statements.TryGetValue(sql, out var kept))
        {
            return kept;
        }

        if (_statements.Count == KeptStatements)
        {
            foreach (var old in _statements.Values)
            {
                _connection!.Drop(old);
            }

            _statements.Clear();
        }

        return _statements[sql] = _connection!.Prepare(sql);
    }

    /// <summary>After any error the connection is opened anew, so that no error outlives its cause.</summary>
    private T AtOneMoment<T>(Func<T> read)
    {
        _connection ??= Open();
        try
        {
            Prepared("BEGIN").Run();
            var answer = read();
            Prepared("COMMIT").Run();
            return answer;
        }
        catch
        {
            Close();
            throw;
        }
    }

    private Connection Open()
    {
        var connection = Connection.OpenReader(_path);
        connection.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 1000; PRAGMA trusted_schema = OFF;");
        return connection;
    }

    private void Close()
    {
        _statements.Clear();
        _connection?.Dispose();
        _connection = null;
    }
}
