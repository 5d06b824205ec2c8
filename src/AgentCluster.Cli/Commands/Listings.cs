using System.Text.Json;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary>How answers look as rows.</summary>
internal static class Listings
{
    public static Func<JsonElement, Listing> Tasks { get; } = Of("tasks", "id", "status=display_status", "priority", "holder=claim.agent", "title");

    public static Func<JsonElement, Listing> Epics { get; } = Of("epics", "id", "status", "priority", "title");

    public static Func<JsonElement, Listing> Agents { get; } = Of("agents", "id", "presence", "kind", "roles", "capabilities");

    /// <summary>The items of a list.</summary>
    /// <param name="what">How they are counted.</param>
    /// <param name="columns">Fields to show, as <c>heading=field</c> or the field alone; a dot stands between an object and its field.</param>
    public static Func<JsonElement, Listing> Of(string what, params string[] columns)
    {
        var pairs = columns.Select(column => column.Split('=')).ToList();
        return answer =>
        {
            var items = answer.GetProperty("items");
            var total = answer.TryGetProperty("total", out var counted) ? Text(counted) : Text(items.GetArrayLength());
            return new(
                [.. pairs.Select(pair => pair[0])],
                [.. items.EnumerateArray().Select(item => (string[])[.. pairs.Select(pair => At(item, pair[^1]))])],
                $"{items.GetArrayLength()} of {total} {what}");
        };
    }

    /// <summary>One thing, a row for each of its fields.</summary>
    /// <param name="answer">An object.</param>
    public static Listing Fields(JsonElement answer) => new(
        ["field", "value"],
        [.. answer.EnumerateObject().Select(field => (string[])[field.Name, Text(field.Value)])],
        Count: null);

    /// <summary>A claim, or a completion with the claim that followed it: what its holder needs.</summary>
    /// <param name="answer"><c>{task, claim}</c>, <c>{task, next}</c> or a task.</param>
    public static Listing Claim(JsonElement answer)
    {
        if (answer.TryGetProperty("next", out var next))
        {
            return next.ValueKind == JsonValueKind.Null
                ? new(["field", "value"], [["completed", At(answer, "task.id")], ["next", "-"]], Count: null)
                : new(["field", "value"], [["completed", At(answer, "task.id")], .. Claim(next).Rows], Count: null);
        }

        return answer.TryGetProperty("claim", out var claim) && answer.TryGetProperty("task", out _)
            ? new(
                ["field", "value"],
                [
                    ["task", At(answer, "task.id")],
                    ["title", At(answer, "task.title")],
                    .. claim.EnumerateObject().Select(field => (string[])[field.Name, Text(field.Value)]),
                ],
                Count: null)
            : Fields(answer);
    }

    /// <summary>Why a task is not handed out.</summary>
    /// <param name="answer"><c>{ready, claimable, reasons, routed}</c>.</param>
    public static Listing Why(JsonElement answer) => new(
        ["what", "detail"],
        [
            .. answer.EnumerateObject().Where(field => field.Name != "reasons").Select(field => (string[])[field.Name, Text(field.Value)]),
            .. answer.GetProperty("reasons").EnumerateArray().Select(reason => (string[])[At(reason, "code"), At(reason, "detail")]),
        ],
        Count: null);

    /// <summary>A conflict, with a row for each strategy that was tried.</summary>
    /// <param name="answer">The conflict.</param>
    public static Listing Conflict(JsonElement answer) => new(
        ["what", "detail"],
        [
            .. answer.EnumerateObject().Where(field => field.Name is not ("context" or "attempts")).Select(field => (string[])[field.Name, Text(field.Value)]),
            .. answer.GetProperty("context").EnumerateObject().Select(field => (string[])[field.Name, Text(field.Value)]),
            .. answer.GetProperty("attempts").EnumerateArray().Select(attempt =>
                (string[])[At(attempt, "strategy"), (attempt.GetProperty("successful").GetBoolean() ? "" : "failed. ") + At(attempt, "detail")]),
        ],
        Count: null);

    /// <summary>What a node is set to.</summary>
    /// <param name="answer"><c>{items, total}</c>.</param>
    /// <param name="withOrigin">Whether to show where each value was said.</param>
    public static Listing Config(JsonElement answer, bool withOrigin)
    {
        string[] columns = withOrigin ? ["key", "value", "origin"] : ["key", "value"];
        return new(
            columns,
            [.. answer.GetProperty("items").EnumerateArray().Select(entry => (string[])[.. columns.Select(column => At(entry, column))])],
            $"{At(answer, "total")} keys");
    }

    /// <summary>A field as text; a dash where there is none.</summary>
    public static string At(JsonElement item, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item))
            {
                return "-";
            }
        }

        return Text(item);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            value.GetArrayLength() == 0 ? "-" : string.Join(", ", value.EnumerateArray().Select(item => item.GetString())),
        _ => value.GetRawText(),
    };
}
