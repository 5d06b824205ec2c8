using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <summary>A query's conditions and order, over rows in memory.</summary>
internal sealed class RowFilter(RowQuery query) : IComparer<Row>
{
    private const int Id = -1;
    private const int Owner = -2;

    private readonly (int Column, RowCondition Condition)[] _conditions =
        [.. query.Where.Select(condition => (Place(query.Table, condition.Column), condition))];

    private readonly (int Column, bool Descending)[] _orders =
        [.. query.OrderBy.Select(order => (Place(query.Table, order.Column), order.Descending))];

    /// <summary>Whether every condition holds.</summary>
    public bool Meets(Row row)
    {
        foreach (var (column, condition) in _conditions)
        {
            if (!Meets(Value(row, column), condition))
            {
                return false;
            }
        }

        return true;
    }

    public int Compare(Row? x, Row? y)
    {
        foreach (var (column, descending) in _orders)
        {
            var order = Compare(Value(x!, column), Value(y!, column));
            if (order != 0)
            {
                return descending ? -order : order;
            }
        }

        return CodePoints.Order.Compare(x!.Key.Id, y!.Key.Id);
    }

    private static bool Meets(RowValue value, RowCondition condition) => condition.Is switch
    {
        RowTest.Null => value.Type is null,
        RowTest.NotNull => value.Type is not null,
        _ when value.Type is null => false,
        RowTest.In => condition.Values.Contains(value),
        RowTest.Equal => value == condition.Values[0],
        _ when !IsComparable(condition.Values[0]) => false,
        RowTest.Less => Compare(value, condition.Values[0]) < 0,
        RowTest.Greater => Compare(value, condition.Values[0]) > 0,
        RowTest.Contains => Folded(value.Text!).Contains(Folded(condition.Values[0].Text!), StringComparison.Ordinal),
        _ => throw new ArgumentException($"Unknown test {condition.Is}."),
    };

    /// <summary>Nothing is less or greater than no value, or than text that no row can hold.</summary>
    private static bool IsComparable(RowValue value) =>
        value.Type is not null && (value.Text is not { } text || StoreRules.IsStorable(text));

    private static int Compare(RowValue x, RowValue y) => (x.Type, y.Type) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (RowType.Text, _) => CodePoints.Order.Compare(x.Text, y.Text),
        _ => x.Number!.Value.CompareTo(y.Number!.Value),
    };

    private static string Folded(string text) => string.Create(text.Length, text, static (into, from) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        }
    });

    private static int Place(RowTable table, string column) => column switch
    {
        "id" => Id,
        "owner" => Owner,
        _ => table.IndexOf(column),
    };

    private static RowValue Value(Row row, int column) => column switch
    {
        Id => RowValue.Of(row.Key.Id),
        Owner => RowValue.Of(row.Owner.ToString()),
        _ => row.Columns[column],
    };
}
