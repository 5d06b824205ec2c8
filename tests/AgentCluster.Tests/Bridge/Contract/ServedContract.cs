using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Bridge.Contract;

/// <summary>The OpenAPI document that a node serves, as the judge of what the node answers.</summary>
internal sealed class ServedContract
{
    private readonly SchemaCheck _check;
    private readonly List<(Regex Path, JsonElement Item)> _paths;

    /// <param name="document">As served.</param>
    public ServedContract(string document)
    {
        Document = JsonDocument.Parse(document).RootElement;
        _check = new(Document);

        // A path without a variable wins over one with: as routing has it.
        _paths = [.. Document.GetProperty("paths").EnumerateObject()
            .OrderBy(path => path.Name.Count(character => character == '{'))
            .Select(path => (new Regex("^" + Regex.Replace(path.Name.TrimEnd('/'), @"\{[a-z_]+\}", "[^/]+") + "/?$"), path.Value))];
    }

    public JsonElement Document { get; }

    /// <summary>What an answer says that the document does not; null when the document says it all.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="path">Of the request, escaped, without the query.</param>
    /// <param name="heard">The answer.</param>
    public string? Differs(string method, string path, Heard heard)
    {
        var item = _paths.FirstOrDefault(one => one.Path.IsMatch(path)).Item;
        if (item.ValueKind == JsonValueKind.Undefined || !item.TryGetProperty(method.ToLowerInvariant(), out var operation))
        {
            return DiffersWhereThereIsNothing(heard);
        }

        if (!operation.GetProperty("responses").TryGetProperty(heard.Status.ToString(CultureInfo.InvariantCulture), out var response))
        {
            return $"the status {heard.Status} is not described";
        }

        if ((heard.Headers.TryGetValue("ETag", out _) ? "ETag" : null) is { } tag && !response.GetProperty("headers").TryGetProperty(tag, out _))
        {
            return "an ETag is not described";
        }

        return MissingHeader(response, heard) ?? DiffersInBody(response, heard);
    }

    private static string? MissingHeader(JsonElement response, Heard heard) => response.GetProperty("headers").EnumerateObject()
        .Where(header => header.Value.GetProperty("required").GetBoolean() && !heard.Headers.ContainsKey(header.Name))
        .Select(header => $"the header {header.Name} is missing").FirstOrDefault();

    private string? DiffersInBody(JsonElement response, Heard heard)
    {
        if (!response.TryGetProperty("content", out var content))
        {
            return heard.Text.Length == 0 ? null : "no body is described";
        }

        if (heard.Type is null || !content.TryGetProperty(heard.Type, out var media))
        {
            return $"the media type '{heard.Type}' is not described";
        }

        if (!heard.Type.EndsWith("json", StringComparison.Ordinal))
        {
            return null;
        }

        var faults = _check.Faults(media.GetProperty("schema"), heard.Json);
        return faults.Count == 0 ? null : string.Join("\n", faults);
    }

    // A path or method that there is not is no part of a document; it is answered in the same form all the same.
    private static string? DiffersWhereThereIsNothing(Heard heard) =>
        heard is { Status: 401 or 403 or 404 or 405, Type: "application/problem+json" } ? null : "such a path and method is not described";
}
