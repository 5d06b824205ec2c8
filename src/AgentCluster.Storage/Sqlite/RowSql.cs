using AgentCluster.Actors;

namespace AgentCluster.Storage.Sqlite;

/// <summary>The statements of one table. Names come from the <see cref="RowTable"/> only, values are always bound.</summary>
internal sealed class RowSql
{
    public RowSql(RowTable table)
    {
        Table = table;
        var columns = table.Columns.Select(column => column.Name).ToList();
        var values = Enumerable.Range(1, columns.Count + 4).Select(place => $"?{place}");
        Selected = string.Join(", ", ["id", "owner", .. columns, "payload"]);
        Select = $"SELECT {Selected} FROM {table.Name} WHERE id = ?1";
        SelectOwned = $"SELECT {Selected} FROM {table.Name} WHERE owner = ?1 ORDER BY id";
        Delete = $"DELETE FROM {table.Name} WHERE id = ?1 AND shard = ?2";

        // The condition refuses the row of another actor; it is then not changed, which the writer notices.
        Upsert = $"INSERT INTO {table.Name} ({string.Join(", ", ["id", "shard", "owner", .. columns, "payload"])}) " +
            $"VALUES ({string.Join(", ", values)}) ON CONFLICT (id) DO UPDATE SET " +
            string.Join(", ", columns.Append("payload").Select(column => $"{column} = excluded.{column}")) +
            " WHERE owner = excluded.owner AND shard = excluded.shard";
    }

    public RowTable Table { get; }

    /// <summary>What <see cref="Read"/> reads, in its order.</summary>
    public string Selected { get; }

    /// <summary>One row by id.</summary>
    public string Select { get; }

    /// <summary>All rows of one owner, by id.</summary>
    public string SelectOwned { get; }

    /// <summary>Inserts or replaces: id, shard, owner, columns, payload.</summary>
    public string Upsert { get; }

    /// <summary>Deletes by id and shard.</summary>
    public string Delete { get; }

    public static void Bind(Statement upsert, Row row, int shard)
    {
        upsert.Bind(1, row.Key.Id);
        upsert.Bind(2, shard);
        upsert.Bind(3, row.Owner);
        for (var i = 0; i < row.Columns.Count; i++)
        {
            upsert.Bind(i + 4, row.Columns[i]);
        }

        upsert.Bind(row.Columns.Count + 4, row.Payload.Span);
    }

    public Row Read(Statement selected)
    {
        var columns = new RowValue[Table.Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = selected.Value(i + 2, Table.Columns[i].Type);
        }

        return new(
            new(Table.Name, selected.Text(0)), selected.Actor(1), columns, selected.Bytes(columns.Length + 2).ToArray());
    }
}
