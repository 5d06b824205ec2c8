using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Storage.Sqlite.Commands;

/// <summary>How remembered commands are found by their ids, and listed.</summary>
internal static class CommandReads
{
    private static readonly RowSql Rows = new(RuntimeTables.Command);

    // One statement, which sees one moment: a command that goes from the tail into a run is in exactly one of them. An entry only
    // says where to look: its command may be forgotten, or another one with the same first digits.
    private static readonly string Found =
        $"SELECT {Rows.Selected} FROM command WHERE id IN (SELECT value FROM json_each(?1)) AND number IN (" +
        "SELECT entry.number FROM json_each(?1) AS wanted CROSS JOIN command_sorted AS sorted " +
        $"CROSS JOIN command_run AS entry ON entry.run = sorted.run AND entry.start = {Start("wanted.value")}) " +
        $"UNION ALL SELECT {Rows.Selected} FROM command WHERE id IN (SELECT value FROM json_each(?1)) " +
        "AND number > coalesce((SELECT max(run) FROM command_sorted), 0)";

    /// <summary>What a run is sorted by: of an id the first 12 of 32 hex digits, which hardly two have in common.</summary>
    /// <param name="id">In SQL.</param>
    public static string Start(string id) => $"substr({id}, 1, 12)";

    /// <summary>Those of the ids that are remembered.</summary>
    /// <param name="prepare">Of the connection.</param>
    /// <param name="ids">At most 1,000; what cannot be stored is not found.</param>
    public static IReadOnlyList<Row> Find(Func<string, Statement> prepare, IReadOnlyList<string> ids)
    {
        var select = prepare(Found);
        select.Bind(1, QuerySql.Json(ids.Select(RowValue.Of)));
        return Rows.ReadAll(select);
    }

    /// <summary>About how many there are, and not fewer.</summary>
    /// <param name="prepare">Of the connection.</param>
    public static long Count(Func<string, Statement> prepare)
    {
        var select = prepare("SELECT coalesce((SELECT max(number) FROM command) - (SELECT min(number) FROM command) + 1, 0)");
        select.Step();
        var count = select.Number(0);
        select.Reset();
        return count;
    }

    /// <summary>Ids in the order of their numbers.</summary>
    /// <param name="prepare">Of the connection.</param>
    /// <param name="after">A number.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>With the number of the last one.</returns>
    public static (IReadOnlyList<string> Ids, long Last) Page(Func<string, Statement> prepare, long after, int limit)
    {
        var select = prepare("SELECT id, number FROM command WHERE number > ?1 ORDER BY number LIMIT ?2");
        select.Bind(1, after);
        select.Bind(2, limit);
        List<string> ids = [];
        var last = after;
        while (select.Step())
        {
            ids.Add(select.Text(0));
            last = select.Number(1);
        }

        return (ids, last);
    }
}
