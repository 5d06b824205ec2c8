using System.Text.Json;

namespace AgentCluster.Tests.Bridge.Fuzz;

/// <summary>One operation, as the served document describes it.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its variables.</param>
/// <param name="Operation">The description.</param>
internal sealed record Described(string Method, string Path, JsonElement Operation)
{
    public bool IsRead => Method == "GET";

    /// <summary>Whether it is a page that anybody may look at.</summary>
    public bool IsOpen => Operation.GetProperty("security").GetArrayLength() == 0;

    /// <summary>The schema of its JSON body; null where it takes none.</summary>
    public JsonElement? Body =>
        Operation.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").TryGetProperty("application/json", out var media)
        && media.GetProperty("schema").GetProperty("type").ValueEquals("object")
            ? media.GetProperty("schema")
            : null;

    public IEnumerable<JsonElement> Variables => Parameters("path");

    public IEnumerable<JsonElement> Query => Parameters("query");

    public static IReadOnlyList<Described> All(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select new Described(operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    /// <summary>Whether it may be sent a header.</summary>
    public bool Takes(string header) => Parameters("header").Any(parameter => parameter.GetProperty("name").ValueEquals(header));

    /// <summary>The schema of one field of its body, where it has such a field.</summary>
    public JsonElement? Field(string name) =>
        Body is { } body && body.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var field) ? field : null;

    private IEnumerable<JsonElement> Parameters(string place) =>
        Operation.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").ValueEquals(place));
}
