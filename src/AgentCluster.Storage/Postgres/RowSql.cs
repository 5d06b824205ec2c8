using AgentCluster.Actors;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>How the rows of one table are read. Names come from the <see cref="RowTable"/> only, values are always bound.</summary>
internal sealed class RowSql
{
    public RowSql(RowTable table)
    {
        Table = table;
        Selected = string.Join(", ", ["id", "owner", .. table.Columns.Select(column => column.Name), "payload"]);
        Select = $"SELECT {Selected} FROM {table.Name} WHERE id = ANY($1)";
        SelectOwned = $"SELECT {Selected} FROM {table.Name} WHERE owner = $1 ORDER BY id";
    }

    public RowTable Table { get; }

    /// <summary>What <see cref="Read"/> reads, in its order.</summary>
    public string Selected { get; }

    /// <summary>The rows of an array of ids.</summary>
    public string Select { get; }

    /// <summary>All rows of one owner, by id.</summary>
    public string SelectOwned { get; }

    public Row Read(NpgsqlDataReader reader)
    {
        var columns = new RowValue[Table.Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = reader.Value(i + 2, Table.Columns[i].Type);
        }

        return new(new(Table.Name, reader.GetString(0)), reader.Actor(1), columns, reader.GetFieldValue<byte[]>(columns.Length + 2));
    }
}
