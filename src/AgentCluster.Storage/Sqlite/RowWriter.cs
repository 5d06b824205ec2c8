using System.Text.RegularExpressions;
using AgentCluster.Actors;
using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>How the rows of one table are written.</summary>
/// <remarks>
/// SQLite rewrites an index entry whenever its column is in the SET list, also when the value is the same; with the four
/// indexes of a task that is most of the cost of a claim. So only those indexed columns are set that change: an UPDATE for
/// each such combination, prepared when it first occurs, which finds the row only if the others are as they were. Which
/// change is taken to be what changed in the last row of this shape (a claim looks like the claim before it); where that
/// does not find the row, it is looked at. Where the last row was new, the next one is taken to be new too: tasks come in
/// batches.
/// </remarks>
internal sealed partial class RowWriter : IRowWriter
{
    private const int FirstColumn = 4;

    private readonly Connection _connection;
    private readonly RowTable _table;
    private readonly int[] _indexed;
    private readonly Statement _look;
    private readonly Statement _insert;
    private readonly Statement _delete;
    private readonly Statement?[] _updates;
    private readonly Statement?[] _likely;
    private bool _lastWasNew;

    public RowWriter(Connection connection, RowTable table)
    {
        (_connection, _table) = (connection, table);
        _indexed = Indexed(connection, table);
        _updates = new Statement?[1 << _indexed.Length];
        _likely = new Statement?[1 << _indexed.Length];

        // Whether the row is its writer's, and which indexed columns would change, one bit each.
        var changes = _indexed.Select((column, bit) => $"({table.Columns[column].Name} IS NOT ?{FirstColumn + bit}) * {1 << bit}");
        _look = connection.Prepare(
            $"SELECT shard = ?2 AND owner = ?3, {string.Join(" + ", changes.Append("0"))} FROM {table.Name} WHERE id = ?1");

        var names = string.Join(", ", ["id", "shard", "owner", .. table.Columns.Select(column => column.Name), "payload"]);
        var places = string.Join(", ", Enumerable.Range(1, FirstColumn + table.Columns.Count).Select(place => $"?{place}"));
        _insert = connection.Prepare($"INSERT INTO {table.Name} ({names}) VALUES ({places}) ON CONFLICT (id) DO NOTHING");
        _delete = connection.Prepare($"DELETE FROM {table.Name} WHERE id = ?1 AND shard = ?2");
    }

    /// <inheritdoc/>
    public void Put(int shard, Row row)
    {
        if (_lastWasNew && TryInsert(shard, row))
        {
            return;
        }

        ref var likely = ref _likely[Shape(row)];
        if (likely is not null && TryRun(likely, shard, row))
        {
            _lastWasNew = false;
            return;
        }

        var changed = Look(shard, row);
        _lastWasNew = changed is null;
        if (changed is { } bits)
        {
            likely = _updates[bits] ??= Update(bits);
            TryRun(likely, shard, row);
        }
        else
        {
            TryInsert(shard, row);
        }
    }

    /// <summary>Writes nothing when there is a row of that id.</summary>
    private bool TryInsert(int shard, Row row) => TryRun(_insert, shard, row);

    /// <summary>Which indexed columns are nothing or 0, one bit each: what partial indexes ask for.</summary>
    private int Shape(Row row)
    {
        var shape = 0;
        for (var bit = 0; bit < _indexed.Length; bit++)
        {
            var value = row.Columns[_indexed[bit]];
            shape |= value.Text is null && value.Number is null or 0 ? 1 << bit : 0;
        }

        return shape;
    }

    private bool TryRun(Statement statement, int shard, Row row)
    {
        statement.Bind(1, row.Key.Id);
        statement.Bind(2, shard);
        statement.Bind(3, row.Owner);
        for (var i = 0; i < row.Columns.Count; i++)
        {
            statement.Bind(FirstColumn + i, row.Columns[i]);
        }

        statement.Bind(FirstColumn + row.Columns.Count, row.Payload.Span);
        statement.Run();
        return _connection.Changes == 1;
    }

    /// <inheritdoc/>
    public void Remove(int shard, string id)
    {
        _delete.Bind(1, id);
        _delete.Bind(2, shard);
        _delete.Run();
    }

    /// <summary>The indexed columns that would change, or null when there is no such row.</summary>
    private int? Look(int shard, Row row)
    {
        _look.Bind(1, row.Key.Id);
        _look.Bind(2, shard);
        _look.Bind(3, row.Owner);
        for (var bit = 0; bit < _indexed.Length; bit++)
        {
            _look.Bind(FirstColumn + bit, row.Columns[_indexed[bit]]);
        }

        if (!_look.Step())
        {
            return null;
        }

        var isOwn = _look.Number(0) == 1;
        var changed = (int)_look.Number(1);
        _look.Reset();
        return isOwn
            ? changed
            : throw new SqliteError(
                raw.SQLITE_CONSTRAINT,
                $"Row '{row.Key.Id}' of table '{_table.Name}' is not {row.Owner}'s to write: another actor owns it.");
    }

    private Statement Update(int changed)
    {
        var columns = _table.Columns
            .Select((column, i) => (column.Name, Place: FirstColumn + i, Bit: Array.IndexOf(_indexed, i)))
            .ToLookup(column => column.Bit < 0 || (changed & (1 << column.Bit)) != 0);
        var sets = columns[true].Select(column => $"{column.Name} = ?{column.Place}").Append($"payload = ?{FirstColumn + _table.Columns.Count}");

        // The plus keeps SQLite from another index than that of the id.
        var same = columns[false].Select(column => $" AND +{column.Name} IS ?{column.Place}");
        return _connection.Prepare(
            $"UPDATE {_table.Name} SET {string.Join(", ", sets)} WHERE id = ?1 AND +shard = ?2 AND +owner = ?3{string.Concat(same)}");
    }

    /// <summary>Columns that some index names, in its key or in its condition.</summary>
    private static int[] Indexed(Connection connection, RowTable table)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var indexes = connection.Prepare("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL");
        indexes.Bind(1, table.Name);
        while (indexes.Step())
        {
            var sql = indexes.Text(0);
            words.UnionWith(Words().Matches(sql[sql.IndexOf('(', StringComparison.Ordinal)..]).Select(word => word.Value));
        }

        connection.Drop(indexes);
        return [.. Enumerable.Range(0, table.Columns.Count).Where(i => words.Contains(table.Columns[i].Name))];
    }

    [GeneratedRegex("[a-z_]+")]
    private static partial Regex Words();
}
