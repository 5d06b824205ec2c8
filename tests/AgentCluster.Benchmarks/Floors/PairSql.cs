using SQLitePCL;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>What a claim and a completion write, with the sizes that the node writes: an event each, and the task's row.</summary>
internal sealed class PairSql(RawSqlite db, Sample sample)
{
    private readonly sqlite3_stmt _append = db.Prepare(
        "INSERT INTO event (shard, sequence, actor, name, at, payload, replayed, channels) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)");

    private readonly sqlite3_stmt _claim = db.Prepare(
        "UPDATE task SET status = 'running', assignee = ?2, claim_token = ?3, updated_at = ?4, payload = ?5 WHERE id = ?1");

    private readonly sqlite3_stmt _complete = db.Prepare(
        "UPDATE task SET status = 'completed', claim_token = NULL, open = 0, updated_at = ?2, payload = ?3 WHERE id = ?1");

    private readonly sqlite3_stmt _advance = db.Prepare("UPDATE lease SET sequence = ?2, last_batch = ?3 WHERE shard = ?1");
    private readonly byte[] _batch = new byte[16];
    private readonly Dictionary<int, long> _sequences = sample.Homes.GroupBy(home => home.Shard).ToDictionary(homes => homes.Key, homes => homes.Max(home => home.Sequence));
    private readonly HashSet<int> _touched = [];
    private long _token = Sample.Token;

    public void Claim(Home home, byte[] task)
    {
        Append(home, sample.Claimed);
        Bind(_claim, 1, task);
        Bind(_claim, 2, "agent-01"u8);
        _ = raw.sqlite3_bind_int64(_claim, 3, ++_token);
        _ = raw.sqlite3_bind_int64(_claim, 4, Now());
        _ = raw.sqlite3_bind_blob(_claim, 5, sample.RunningRow);
        db.Run(_claim);
    }

    public void Complete(Home home, byte[] task)
    {
        Append(home, sample.Completed);
        Bind(_complete, 1, task);
        _ = raw.sqlite3_bind_int64(_complete, 2, Now());
        _ = raw.sqlite3_bind_blob(_complete, 3, sample.CompletedRow);
        db.Run(_complete);
    }

    /// <summary>What proves who wrote: once a commit for each shard in it.</summary>
    public void Advance()
    {
        foreach (var shard in _touched)
        {
            _ = raw.sqlite3_bind_int64(_advance, 1, shard);
            _ = raw.sqlite3_bind_int64(_advance, 2, _sequences[shard]);
            _ = raw.sqlite3_bind_blob(_advance, 3, _batch);
            db.Run(_advance);
        }

        _touched.Clear();
    }

    private static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;

    private void Append(Home home, SampleEvent happened)
    {
        _touched.Add(home.Shard);
        _ = raw.sqlite3_bind_int64(_append, 1, home.Shard);
        _ = raw.sqlite3_bind_int64(_append, 2, ++_sequences[home.Shard]);
        Bind(_append, 3, home.Actor);
        Bind(_append, 4, happened.Name);
        _ = raw.sqlite3_bind_int64(_append, 5, Now());
        _ = raw.sqlite3_bind_blob(_append, 6, happened.Payload);
        Bind(_append, 7, happened.Channels);
        db.Run(_append);
    }

    private static void Bind(sqlite3_stmt statement, int place, ReadOnlySpan<byte> text) => _ = raw.sqlite3_bind_text(statement, place, text);
}
