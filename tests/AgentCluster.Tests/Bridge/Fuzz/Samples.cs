using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Bridge.Repositories;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Tests.Bridge.Contract;

namespace AgentCluster.Tests.Bridge.Fuzz;

/// <summary>Values that a schema of the served document allows, and values that it does not.</summary>
/// <param name="document">The whole document.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class Samples(JsonElement document, Random random)
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    // A new pattern needs an example here: the sampler says so.
    private static readonly Dictionary<string, string> Examples = new()
    {
        [Forms.Name.Pattern] = "some-name",
        [Forms.Id.Pattern] = Id,
        [Is.Id.Pattern!] = Id,
        [Forms.Urgency.Pattern] = "P1-HIGH",
        [Forms.Actor.Pattern] = "some/actor",
        [Forms.Prose.Pattern] = "some text\n\tof two lines",
        [Forms.Line.Pattern] = "some line",
        [RepositoryForms.Ref.Pattern] = "feature/parser",
        [RepositoryForms.Place.Pattern] = "/work/parser",
        [BackupRequest.Form.Pattern] = "monday",
    };

    private static readonly string[] Odd =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e400", "123456789012345678901234567890", "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"x\\u0001y\"", "\"-\"", "\"NaN\"", "\"2030-13-99\"", "[]", "[null]", "[[]]", "[1]", "[\"\"]", "[\"\\udc00\"]", "{}", "{\"zz\":1}", "[{}]", "[{\"zz\":1}]",
    ];

    private readonly SchemaCheck _check = new(document);

    /// <summary>A value that the schema allows.</summary>
    public JsonNode Right(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var words))
        {
            var texts = words.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).ToList();
            return texts[random.Next(texts.Count)].GetString()!;
        }

        var type = schema.GetProperty("type");
        return (type.ValueKind == JsonValueKind.Array ? type[0] : type).GetString() switch
        {
            "object" => Whole(schema),
            "array" => new JsonArray([.. Enumerable.Range(0, Math.Max(1, Number(schema, "minItems", 0))).Select(_ => Right(schema.GetProperty("items")))]),
            "string" => Text(schema),
            "integer" => Math.Clamp(1 + random.Next(3), Number(schema, "minimum", 0), Number(schema, "maximum", int.MaxValue)),
            "number" => 0.5,
            "boolean" => random.Next(2) == 0,
            var other => throw new InvalidOperationException($"No sample of the type '{other}'."),
        };
    }

    /// <summary>JSON text that the schema does not allow.</summary>
    public string Wrong(JsonElement schema)
    {
        while (true)
        {
            var text = random.Next(4) == 0 ? Beyond(schema) : Odd[random.Next(Odd.Length)];
            if (IsWrong(schema, text))
            {
                return text;
            }
        }
    }

    /// <summary>An object of the schema with what is required, and some of the rest.</summary>
    public JsonObject Whole(JsonElement schema)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToHashSet();
            foreach (var property in properties.EnumerateObject().Where(property => required.Contains(property.Name) || random.Next(4) == 0))
            {
                made[property.Name] = Right(property.Value);
            }
        }

        return made;
    }

    private bool IsWrong(JsonElement schema, string text)
    {
        try
        {
            return _check.Faults(schema, JsonDocument.Parse(text).RootElement).Count > 0;
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or OverflowException or FormatException)
        {
            // Half a surrogate pair, a number beyond every number: no value at all.
            return true;
        }
    }

    private string Beyond(JsonElement schema)
    {
        if (schema.TryGetProperty("maxLength", out var longest))
        {
            return JsonSerializer.Serialize(new string('x', longest.GetInt32() + 1 + random.Next(9)));
        }

        if (schema.TryGetProperty("maximum", out var largest))
        {
            return (largest.GetDecimal() + 1).ToString(CultureInfo.InvariantCulture);
        }

        if (schema.TryGetProperty("maxItems", out var most))
        {
            var item = Right(schema.GetProperty("items")).ToJsonString();
            return "[" + string.Join(',', Enumerable.Repeat(item, most.GetInt32() + 1)) + "]";
        }

        return "\"" + Convert.ToHexString(BitConverter.GetBytes(random.Next())) + "\"";
    }

    private static string Text(JsonElement schema)
    {
        if (schema.TryGetProperty("pattern", out var pattern))
        {
            if (pattern.GetString()!.StartsWith("^(", StringComparison.Ordinal) && pattern.GetString()!.EndsWith(")$", StringComparison.Ordinal))
            {
                return pattern.GetString()![2..^2].Split('|')[0];
            }

            return Examples.TryGetValue(pattern.GetString()!, out var example)
                ? example
                : throw new InvalidOperationException($"No example of {pattern}; add one.");
        }

        return schema.TryGetProperty("format", out _) ? "2030-01-31T12:00:00Z" : "some text";
    }

    private static int Number(JsonElement schema, string keyword, int otherwise) =>
        schema.TryGetProperty(keyword, out var number) ? (int)Math.Min(number.GetInt64(), int.MaxValue) : otherwise;
}
