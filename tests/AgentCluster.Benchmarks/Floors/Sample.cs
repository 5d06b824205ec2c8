using System.Globalization;
using System.Text;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>What the node wrote for one pair, taken from its own file.</summary>
/// <param name="Homes">Where each project's events go.</param>
/// <param name="Claimed">The event.</param>
/// <param name="Completed">The event.</param>
/// <param name="RunningRow">Payload of the task's row while it was held.</param>
/// <param name="CompletedRow">Payload of the task's row in the end.</param>
internal sealed record Sample(IReadOnlyList<Home> Homes, SampleEvent Claimed, SampleEvent Completed, byte[] RunningRow, byte[] CompletedRow)
{
    /// <summary>Larger than every token in the file.</summary>
    public const long Token = 1L << 40;

    public static Sample Read(RawSqlite db, byte[] runningRow, string task) => new(
        [.. db.Read("SELECT DISTINCT owner FROM task ORDER BY project").Select(owner => HomeOf(db, owner))],
        Event(db, "task-claimed.v1"),
        Event(db, "task-completed.v1"),
        runningRow,
        db.Read($"SELECT payload FROM task WHERE id = '{task}'")[0]);

    private static Home HomeOf(RawSqlite db, byte[] owner)
    {
        var actor = Encoding.UTF8.GetString(owner);
        var shard = Number(db, $"SELECT shard FROM task WHERE owner = '{actor}' LIMIT 1");
        return new(owner, (int)shard, Number(db, $"SELECT sequence FROM lease WHERE shard = {shard}"));
    }

    private static SampleEvent Event(RawSqlite db, string name)
    {
        byte[] Of(string column) => db.Read($"SELECT {column} FROM event WHERE name = '{name}' LIMIT 1")[0];
        return new(Encoding.UTF8.GetBytes(name), Of("payload"), Of("channels"));
    }

    private static long Number(RawSqlite db, string sql) =>
        long.Parse(Encoding.UTF8.GetString(db.Read($"SELECT CAST(({sql}) AS TEXT)")[0]), CultureInfo.InvariantCulture);
}

/// <summary>An event as the node writes it.</summary>
/// <param name="Name">On disk.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Channels">A line each.</param>
internal sealed record SampleEvent(byte[] Name, byte[] Payload, byte[] Channels);

/// <summary>Where a project's events go.</summary>
/// <param name="Actor">Its registry's address.</param>
/// <param name="Shard">The registry's.</param>
/// <param name="Sequence">Of the shard's last event when the file was copied.</param>
internal sealed record Home(byte[] Actor, int Shard, long Sequence);
