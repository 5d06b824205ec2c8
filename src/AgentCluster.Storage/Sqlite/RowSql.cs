using AgentCluster.Actors;

namespace AgentCluster.Storage.Sqlite;

/// <summary>How the rows of one table are read. Names come from the <see cref="RowTable"/> only, values are always bound.</summary>
internal sealed class RowSql
{
    public RowSql(RowTable table)
    {
        Table = table;
        Selected = string.Join(", ", ["id", "owner", .. table.Columns.Select(column => column.Name), "payload"]);
        Select = $"SELECT {Selected} FROM {table.Name} WHERE id = ?1";
        SelectOwned = $"SELECT {Selected} FROM {table.Name} WHERE owner = ?1 ORDER BY id";
    }

    public RowTable Table { get; }

    /// <summary>What <see cref="Read"/> reads, in its order.</summary>
    public string Selected { get; }

    /// <summary>One row by id.</summary>
    public string Select { get; }

    /// <summary>All rows of one owner, by id.</summary>
    public string SelectOwned { get; }

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

    /// <summary>All that a statement finds.</summary>
    public List<Row> ReadAll(Statement selected)
    {
        List<Row> rows = [];
        while (selected.Step())
        {
            rows.Add(Read(selected));
        }

        return rows;
    }
}
