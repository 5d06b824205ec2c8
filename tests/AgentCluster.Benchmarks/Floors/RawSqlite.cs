using SQLitePCL;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>A connection with the settings of the node's own, and nothing between it and SQLite.</summary>
internal sealed class RawSqlite : IDisposable
{
    // The node copies its WAL back at this many pages.
    private const int CheckpointPages = 4_000;

    private readonly sqlite3 _db;

    public RawSqlite(string path)
    {
        Check(raw.sqlite3_open_v2(path, out _db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null));
        Run($"PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = {CheckpointPages}");
    }

    public void Run(string sql) => Check(raw.sqlite3_exec(_db, sql));

    public sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready to be bound again.</summary>
    public void Run(sqlite3_stmt statement)
    {
        Check(raw.sqlite3_step(statement));
        _ = raw.sqlite3_reset(statement);
    }

    /// <summary>The bytes of the first column of each row.</summary>
    public List<byte[]> Read(string sql)
    {
        using var statement = Prepare(sql);
        List<byte[]> rows = [];
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
        {
            rows.Add(raw.sqlite3_column_blob(statement, 0).ToArray());
        }

        return rows;
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new InvalidOperationException($"SQLite {code}: {raw.sqlite3_errmsg(_db).utf8_to_string()}");
        }
    }

    public void Dispose() => _ = raw.sqlite3_close_v2(_db);
}
