using System.Diagnostics;
using SQLitePCL;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>S: what somebody without actors would write. Claim and complete are a transaction each, one caller at a time.</summary>
internal sealed class HandSql : ISubject
{
    private readonly object _gate = new();
    private readonly RawSqlite _db;
    private readonly PairSql _sql;
    private readonly Home _home;
    private readonly sqlite3_stmt _best;

    public HandSql(string file, Sample sample)
    {
        _db = new(file);
        _sql = new(_db, sample);
        _home = sample.Homes[0];
        _best = _db.Prepare("SELECT id FROM task WHERE owner = ?1 AND status = 'pending' ORDER BY priority, ordinal LIMIT 1");
        // The index that such a query is given by whoever writes it.
        _db.Run("CREATE INDEX task_best ON task (owner, status, priority, ordinal)");
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        // The callers are as many as the node's, so each waits for its turn on a thread of the pool, not on its own.
        await Task.Yield();
        byte[] task = [];
        Transact(() =>
        {
            task = Best();
            _sql.Claim(_home, task);
        });
        var claimed = Stopwatch.GetTimestamp();
        Transact(() => _sql.Complete(_home, task));
        return claimed;
    }

    public ValueTask DisposeAsync()
    {
        _best.Dispose();
        _db.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Transact(Action change)
    {
        lock (_gate)
        {
            _db.Run("BEGIN IMMEDIATE");
            change();
            _db.Run("COMMIT");
        }
    }

    private byte[] Best()
    {
        _ = raw.sqlite3_bind_text(_best, 1, _home.Actor);
        _db.Check(raw.sqlite3_step(_best));
        var task = raw.sqlite3_column_blob(_best, 0).ToArray();
        _ = raw.sqlite3_reset(_best);
        return task;
    }
}
