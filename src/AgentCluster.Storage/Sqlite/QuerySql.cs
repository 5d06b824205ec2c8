using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Storage.Sqlite;

/// <summary>A <see cref="RowQuery"/> as SQL: names from the table, values bound, so that equal questions share a statement.</summary>
internal sealed class QuerySql
{
    private readonly List<RowValue> _values = [];
    private readonly string _from;
    private readonly string _page;

    private QuerySql(RowSql rows, RowQuery query, IReadOnlyList<int>? shards)
    {
        var where = query.Where.Select(Condition);
        if (shards is not null)
        {
            where = where.Append($"shard IN (SELECT value FROM json_each({Place(Json(shards.Select(shard => RowValue.Of(shard))))}))");
        }

        var conditions = string.Join(" AND ", where);
        _from = $" FROM {rows.Table.Name}{(conditions.Length == 0 ? "" : " WHERE ")}{conditions}";
        Count = "SELECT count(*)" + _from;
        Owners = "SELECT DISTINCT owner" + _from + " ORDER BY owner";

        var order = query.OrderBy.Select(key => key.Descending ? key.Column + " DESC" : key.Column).Append("id");
        _page = $" ORDER BY {string.Join(", ", order)} LIMIT ?{_values.Count + 1} OFFSET ?{_values.Count + 2}";
        Select = $"SELECT {rows.Selected}{_from}{_page}";
    }

    public string Select { get; }

    public string Count { get; }

    public string Owners { get; }

    /// <summary>The question itself, checked before.</summary>
    public static QuerySql Of(RowSql rows, RowQuery query) => new(rows, query, null);

    /// <summary>The question, among the rows of some shards.</summary>
    public static QuerySql Of(RowSql rows, RowQuery query, IReadOnlyList<int> shards) => new(rows, query, shards);

    public void Bind(Statement statement)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            statement.Bind(i + 1, _values[i]);
        }
    }

    public void BindPage(Statement select, RowQuery query)
    {
        select.Bind(_values.Count + 1, query.Limit ?? -1);
        select.Bind(_values.Count + 2, query.Offset);
    }

    private string Condition(RowCondition condition) => condition.Is switch
    {
        RowTest.Null => $"{condition.Column} IS NULL",
        RowTest.NotNull => $"{condition.Column} IS NOT NULL",
        RowTest.In => $"{condition.Column} IN (SELECT value FROM json_each({Place(Json(condition.Values))}))",
        _ when condition.Values[0].Text is { } text && !StoreRules.IsStorable(text) => "0",

        // Written out, because a partial index is chosen only where its condition is in the text of the query.
        RowTest.Equal when condition.Values[0].Number is 0 => $"{condition.Column} = 0",
        RowTest.Equal when condition.Values[0].Number is 1 => $"{condition.Column} = 1",
        RowTest.Equal => $"{condition.Column} = {Place(condition.Values[0])}",
        RowTest.Less => $"{condition.Column} < {Place(condition.Values[0])}",
        RowTest.Greater => $"{condition.Column} > {Place(condition.Values[0])}",
        RowTest.Contains => $"instr(lower({condition.Column}), lower({Place(condition.Values[0])})) > 0",
        _ => throw new ArgumentException($"Unknown test {condition.Is}."),
    };

    private string Place(RowValue value)
    {
        _values.Add(value);
        return $"?{_values.Count}";
    }

    /// <summary>Values for <c>json_each</c>. What cannot be stored is left out, for it is not there.</summary>
    public static RowValue Json(IEnumerable<RowValue> values)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var value in values)
            {
                if (value.Number is { } number)
                {
                    json.WriteNumberValue(number);
                }
                else if (value.Text is { } text && StoreRules.IsStorable(text))
                {
                    json.WriteStringValue(text);
                }
            }

            json.WriteEndArray();
        }

        return RowValue.Of(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}
