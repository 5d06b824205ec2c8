using System.Text.Json;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary>How answers look as rows.</summary>
internal static class Listings
{
    /// <summary>A list of tasks.</summary>
    /// <param name="answer"><c>{items, total}</c>.</param>
    public static Listing Tasks(JsonElement answer)
    {
        var items = answer.GetProperty("items");
        return new(
            ["id", "status", "priority", "holder", "title"],
            [.. items.EnumerateArray().Select(task => (string[])
            [
                Text(task, "id"),
                Text(task, "display_status"),
                Text(task, "priority"),
                task.TryGetProperty("claim", out var claim) && claim.ValueKind == JsonValueKind.Object ? Text(claim, "agent") : "-",
                Text(task, "title"),
            ])],
            $"{items.GetArrayLength()} of {Text(answer, "total")} tasks");
    }

    /// <summary>A list of things, a column for each of some fields.</summary>
    /// <param name="answer"><c>{items, total}</c>.</param>
    /// <param name="things">What they are, for example <c>keys</c>.</param>
    /// <param name="fields">Their names.</param>
    public static Listing Of(JsonElement answer, string things, params string[] fields)
    {
        var items = answer.GetProperty("items");
        return new(
            fields,
            [.. items.EnumerateArray().Select(item => (string[])[.. fields.Select(field => Text(item, field))])],
            $"{items.GetArrayLength()} of {Text(answer, "total")} {things}");
    }

    /// <summary>One thing, a row for each of its fields.</summary>
    /// <param name="answer">An object.</param>
    public static Listing Fields(JsonElement answer) => new(
        ["field", "value"],
        [.. answer.EnumerateObject().Select(field => (string[])[field.Name, Text(field.Value)])],
        Count: null);

    /// <summary>What a node is set to.</summary>
    /// <param name="answer"><c>{items, total}</c>.</param>
    /// <param name="withOrigin">Whether to show where each value was said.</param>
    public static Listing Config(JsonElement answer, bool withOrigin)
    {
        string[] columns = withOrigin ? ["key", "value", "origin"] : ["key", "value"];
        return new(
            columns,
            [.. answer.GetProperty("items").EnumerateArray().Select(entry => (string[])[.. columns.Select(column => Text(entry, column))])],
            $"{Text(answer, "total")} keys");
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? Text(value) : "-";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
