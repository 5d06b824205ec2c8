using System.Text;
using SQLitePCL;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>What a claim and a completion write, with the sizes that the node writes: an event each, and the task's row.</summary>
internal sealed class PairSql(RawSqlite db, Sample sample)
{
    private readonly sqlite3_stmt _append = db.Prepare(
        "INSERT INTO event (shard, sequence, actor, name, at, payload, replayed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)");

    private readonly sqlite3_stmt _claim = db.Prepare(
        "UPDATE task SET status = 'running', assignee = ?2, claim_token = ?3, updated_at = ?4, payload = ?5 WHERE id = ?1");

    private readonly sqlite3_stmt _complete = db.Prepare(
        "UPDATE task SET status = 'completed', claim_token = NULL, open = 0, updated_at = ?2, payload = ?3 WHERE id = ?1");

    private readonly sqlite3_stmt _advance = db.Prepare("UPDATE lease SET sequence = ?2, last_batch = ?3 WHERE shard = ?1");
    private readonly byte[] _batch = new byte[16];
    private long _sequence = sample.Sequence;
    private long _token = sample.Token;

    public void Claim(byte[] task)
    {
        Append("task-claimed.v1"u8, sample.Claimed);
        Bind(_claim, 1, task);
        Bind(_claim, 2, "agent-01"u8);
        _ = raw.sqlite3_bind_int64(_claim, 3, ++_token);
        _ = raw.sqlite3_bind_int64(_claim, 4, Now());
        _ = raw.sqlite3_bind_blob(_claim, 5, sample.RunningRow);
        db.Run(_claim);
    }

    public void Complete(byte[] task)
    {
        Append("task-completed.v1"u8, sample.Completed);
        Bind(_complete, 1, task);
        _ = raw.sqlite3_bind_int64(_complete, 2, Now());
        _ = raw.sqlite3_bind_blob(_complete, 3, sample.CompletedRow);
        db.Run(_complete);
    }

    /// <summary>What proves who wrote: once a commit.</summary>
    public void Advance()
    {
        _ = raw.sqlite3_bind_int64(_advance, 1, sample.Shard);
        _ = raw.sqlite3_bind_int64(_advance, 2, _sequence);
        _ = raw.sqlite3_bind_blob(_advance, 3, _batch);
        db.Run(_advance);
    }

    private static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;

    private void Append(ReadOnlySpan<byte> name, byte[] payload)
    {
        _ = raw.sqlite3_bind_int64(_append, 1, sample.Shard);
        _ = raw.sqlite3_bind_int64(_append, 2, ++_sequence);
        Bind(_append, 3, sample.Actor);
        Bind(_append, 4, name);
        _ = raw.sqlite3_bind_int64(_append, 5, Now());
        _ = raw.sqlite3_bind_blob(_append, 6, payload);
        db.Run(_append);
    }

    private static void Bind(sqlite3_stmt statement, int place, ReadOnlySpan<byte> text) => _ = raw.sqlite3_bind_text(statement, place, text);
}

/// <summary>What the node wrote for one pair, taken from its own file.</summary>
/// <param name="Shard">The registry's.</param>
/// <param name="Actor">The registry's address.</param>
/// <param name="Sequence">Of the shard's last event in the template.</param>
/// <param name="Token">The largest token given out.</param>
/// <param name="Claimed">Payload of the event.</param>
/// <param name="Completed">Payload of the event.</param>
/// <param name="RunningRow">Payload of the task's row while it was held.</param>
/// <param name="CompletedRow">Payload of the task's row in the end.</param>
internal sealed record Sample(
    int Shard, byte[] Actor, long Sequence, long Token, byte[] Claimed, byte[] Completed, byte[] RunningRow, byte[] CompletedRow)
{
    public static Sample Read(RawSqlite db, byte[] runningRow, string task)
    {
        long Number(string sql) => long.Parse(Encoding.UTF8.GetString(db.Read($"SELECT CAST(({sql}) AS TEXT)")[0]), System.Globalization.CultureInfo.InvariantCulture);
        var shard = (int)Number("SELECT shard FROM event WHERE name = 'task-claimed.v1' LIMIT 1");
        return new(
            shard,
            db.Read("SELECT actor FROM event WHERE name = 'task-claimed.v1' LIMIT 1")[0],
            Number($"SELECT sequence FROM lease WHERE shard = {shard}"),
            1L << 40,
            db.Read("SELECT payload FROM event WHERE name = 'task-claimed.v1' LIMIT 1")[0],
            db.Read("SELECT payload FROM event WHERE name = 'task-completed.v1' LIMIT 1")[0],
            runningRow,
            db.Read($"SELECT payload FROM task WHERE id = '{task}'")[0]);
    }
}
