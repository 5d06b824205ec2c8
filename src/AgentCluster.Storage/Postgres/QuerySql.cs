using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>A <see cref="RowQuery"/> as SQL: names from the table, values bound, so that equal questions share a statement.</summary>
internal sealed class QuerySql
{
    private readonly List<NpgsqlParameter> _values = [];
    private readonly RowSql _rows;
    private readonly RowQuery _query;
    private readonly string _from;

    private QuerySql(RowSql rows, RowQuery query, IReadOnlyList<int>? shards)
    {
        (_rows, _query) = (rows, query);
        var where = query.Where.Select(condition => Condition(condition, TypeOf(rows.Table, condition.Column)));
        if (shards is not null)
        {
            where = where.Append($"shard = ANY({Place(shards.ToArray(), NpgsqlDbType.Integer | NpgsqlDbType.Array)})");
        }

        var conditions = string.Join(" AND ", where);
        _from = $" FROM {rows.Table.Name}{(conditions.Length == 0 ? "" : " WHERE ")}{conditions}";
    }

    /// <summary>The question itself, checked before.</summary>
    public static QuerySql Of(RowSql rows, RowQuery query) => new(rows, query, null);

    /// <summary>The question, among the rows of some shards.</summary>
    public static QuerySql Of(RowSql rows, RowQuery query, IReadOnlyList<int> shards) => new(rows, query, shards);

    /// <summary>The page asked for.</summary>
    public NpgsqlBatchCommand Select()
    {
        var order = _query.OrderBy.Select(key => key switch
        {
            { Column: "id", Descending: false } => "id",
            { Column: "id" } => "id DESC",
            { Descending: true } => key.Column + " DESC NULLS LAST",
            _ => key.Column + " NULLS FIRST",
        }).Append("id");
        var select = Bound($"SELECT {_rows.Selected}{_from} ORDER BY {string.Join(", ", order)} LIMIT ${_values.Count + 1} OFFSET ${_values.Count + 2}");
        select.Parameters.Bind((long?)_query.Limit, NpgsqlDbType.Bigint);
        select.Parameters.Bind((long)_query.Offset, NpgsqlDbType.Bigint);
        return select;
    }

    /// <summary>How many rows all pages together hold.</summary>
    public NpgsqlBatchCommand Count() => Bound("SELECT count(*)" + _from);

    /// <summary>The distinct owners, in the order of their addresses.</summary>
    public NpgsqlBatchCommand Owners() => Bound($"SELECT DISTINCT owner{_from} ORDER BY owner");

    private NpgsqlBatchCommand Bound(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in _values)
        {
            command.Parameters.Add(value.Clone());
        }

        return command;
    }

    private string Condition(RowCondition condition, RowType type) => condition.Is switch
    {
        RowTest.Null => $"{condition.Column} IS NULL",
        RowTest.NotNull => $"{condition.Column} IS NOT NULL",
        RowTest.In when type == RowType.Text => $"{condition.Column} = ANY({Place(
            condition.Values.Select(value => value.Text).OfType<string>().Where(StoreRules.IsStorable).ToArray(), NpgsqlDbType.Text | NpgsqlDbType.Array)})",
        RowTest.In => $"{condition.Column} = ANY({Place(
            condition.Values.Select(value => value.Number).OfType<long>().ToArray(), NpgsqlDbType.Bigint | NpgsqlDbType.Array)})",
        _ when condition.Values[0].Text is { } text && !StoreRules.IsStorable(text) => "false",

        // Written out, because a partial index is chosen only where its condition is in the text of the query.
        RowTest.Equal when condition.Values[0].Number is 0 => $"{condition.Column} = 0",
        RowTest.Equal when condition.Values[0].Number is 1 => $"{condition.Column} = 1",
        RowTest.Equal => $"{condition.Column} = {Place(condition.Values[0], type)}",
        RowTest.Less => $"{condition.Column} < {Place(condition.Values[0], type)}",
        RowTest.Greater => $"{condition.Column} > {Place(condition.Values[0], type)}",
        RowTest.Contains => $"strpos(lower({condition.Column}), lower({Place(condition.Values[0], type)} COLLATE \"C\")) > 0",
        _ => throw new ArgumentException($"Unknown test {condition.Is}."),
    };

    private static RowType TypeOf(RowTable table, string column) =>
        column is "id" or "owner" ? RowType.Text : table.Columns[table.IndexOf(column)].Type;

    private string Place(RowValue value, RowType type) => type == RowType.Text
        ? Place(value.Text, NpgsqlDbType.Text)
        : Place(value.Number, NpgsqlDbType.Bigint);

    private string Place<T>(T value, NpgsqlDbType type)
    {
        _values.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return $"${_values.Count}";
    }
}
