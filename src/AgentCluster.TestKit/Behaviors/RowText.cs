using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.TestKit.Behaviors;

/// <summary>Rows as text: equal rows give equal texts, and a difference can be read.</summary>
public static class RowText
{
    /// <summary>One row.</summary>
    /// <param name="row">Any; its payload is JSON.</param>
    public static string Of(Row row) =>
        $"{row.Key.Table}/{row.Key.Id} of {row.Owner}: {string.Join(" | ", row.Columns)} {Encoding.UTF8.GetString(row.Payload.Span)}";

    /// <summary>Many rows, in the order of their keys.</summary>
    /// <param name="rows">Any.</param>
    public static string Of(IEnumerable<Row> rows) =>
        string.Join('\n', rows.Select(Of).Order(StringComparer.Ordinal));
}
