using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>One connection and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _db;
    private readonly List<Statement> _statements = [];

    private Connection(sqlite3 db) => _db = db;

    /// <summary>Rows changed by the last statement that changes any.</summary>
    public int Changes => raw.sqlite3_changes(_db);

    /// <summary>Whether no transaction is open. SQLite ends one by itself after some errors.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(_db) != 0;

    /// <summary>The connection that writes; makes the file when there is none.</summary>
    /// <exception cref="SqliteError">It cannot be opened.</exception>
    public static Connection OpenWriter(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    /// <summary>A connection that can only read.</summary>
    /// <exception cref="SqliteError">It cannot be opened.</exception>
    public static Connection OpenReader(string path)
    {
        var reader = Open(path, raw.SQLITE_OPEN_READONLY);
        return raw.sqlite3_db_readonly(reader._db, "main") == 1
            ? reader
            : throw new InvalidOperationException("A connection for reading could write: only one connection may.");
    }

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle), sql);
        var statement = new Statement(this, handle, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Finalizes a statement before the connection is closed.</summary>
    public void Drop(Statement statement)
    {
        _statements.Remove(statement);
        statement.Dispose();
    }

    /// <summary>Runs statements whose results nobody needs.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_db, sql), sql);

    /// <summary>The first column of the first row as a number.</summary>
    public long Scalar(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? statement.Number(0) : 0;
        }
        finally
        {
            Drop(statement);
        }
    }

    /// <summary>The first column of every row.</summary>
    public IReadOnlyList<string> Texts(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            List<string> rows = [];
            while (statement.Step())
            {
                rows.Add(statement.Text(0));
            }

            return rows;
        }
        finally
        {
            Drop(statement);
        }
    }

    /// <summary>Pages written since the last call, to the WAL where there is one.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
        return written;
    }

    /// <summary>Copies pages from the WAL to the database.</summary>
    /// <param name="mode">One of <c>SQLITE_CHECKPOINT_…</c>.</param>
    /// <returns>Pages in the WAL, and how many of them have been copied.</returns>
    public (int Pages, int Copied) Checkpoint(int mode)
    {
        Check(raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out var pages, out var copied), "checkpoint");
        return (pages, copied);
    }

    public void Check(int code, string doing)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            var extended = raw.sqlite3_extended_errcode(_db);
            throw new SqliteError(
                (extended & 0xFF) == (code & 0xFF) ? extended : code,
                $"{raw.sqlite3_errmsg(_db).utf8_to_string()} (SQLite {extended}, {doing})");
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _ = raw.sqlite3_close_v2(_db);
    }

    private static Connection Open(string path, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var db, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(db);
        try
        {
            connection.Check(code, $"opening {path}");
            _ = raw.sqlite3_extended_result_codes(db, 1);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
