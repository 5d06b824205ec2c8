using System.Globalization;
using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>Makes many rows of one that a node has written, faster than the node could be asked for them. The node does not run meanwhile.</summary>
internal static class Multiplied
{
    // Beyond every ordinal and id that a node has given out in these files, within what their columns hold.
    private const long From = 10_000_000_000;

    /// <summary>Ready tasks of a project that has one.</summary>
    public static void Ready(RawSqlite db, string project, long count)
    {
        Tasks(db, $"project = '{project}' AND status = 'pending'", From, count);
        db.Run($"UPDATE registry SET ordinal_ceiling = {From + count + 1} WHERE id = '{project}'");
    }

    /// <summary>Completed tasks of a project that has one, each with its last event.</summary>
    /// <param name="db">The file.</param>
    /// <param name="project">The project.</param>
    /// <param name="already">How many of them were made before.</param>
    /// <param name="count">How many more.</param>
    public static void History(RawSqlite db, string project, long already, long count)
    {
        Tasks(db, $"project = '{project}' AND status = 'completed'", 2 * From + already, count);
        Repeat(db, "event", count, "name = 'task-completed.v1'", new()
        {
            ["position"] = "NULL",
            ["sequence"] = "(SELECT sequence FROM lease WHERE lease.shard = one.shard) + i",
        });
        db.Run($"UPDATE lease SET sequence = sequence + {count} WHERE shard = (SELECT shard FROM event WHERE name = 'task-completed.v1' LIMIT 1)");
        Projected(db);
    }

    private static void Tasks(RawSqlite db, string which, long from, long count) => Repeat(db, "task", count, which, new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"printf('%026d', {from} + i)"),
        ["ordinal"] = string.Create(CultureInfo.InvariantCulture, $"{from} + i"),
    });

    /// <summary>What is computed from the journal has been: the files are those of a node that has run all the time.</summary>
    private static void Projected(RawSqlite db)
    {
        var ends = db.Read("SELECT shard || ' ' || sequence FROM lease WHERE sequence > 0")
            .ConvertAll(line => Encoding.UTF8.GetString(line).Split(' '))
            .ConvertAll(end => (int.Parse(end[0], CultureInfo.InvariantCulture), long.Parse(end[1], CultureInfo.InvariantCulture)));
        db.Run($"UPDATE projection SET payload = CAST('{JournalCursor.At(ends)}' AS BLOB)");
    }

    private static void Repeat(RawSqlite db, string table, long count, string which, Dictionary<string, string> given)
    {
        var columns = db.Read($"SELECT name FROM pragma_table_info('{table}')").ConvertAll(Encoding.UTF8.GetString);
        var values = columns.Select(column => given.GetValueOrDefault(column, "one." + column));
        db.Run(
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) " +
            $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} " +
            $"FROM (SELECT * FROM {table} WHERE {which} LIMIT 1) AS one, n");
    }
}
