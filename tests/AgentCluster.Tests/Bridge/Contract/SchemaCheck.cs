using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Bridge.Contract;

/// <summary>
/// Holds a value against a JSON Schema of the served document. It knows the keywords that the document uses and fails
/// at any other. It is stricter than JSON Schema in one thing: where a schema lists fields and says nothing of others,
/// another one is a fault, so that an answer cannot grow without its description.
/// </summary>
/// <param name="document">The whole document, for references.</param>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Say(keyword.Name, keyword.Value, schema, value, at, faults) is { } wrong)
            {
                faults.Add($"{at}: {wrong}; found {Cut(value)}");
            }
        }
    }

    private string? Say(string keyword, JsonElement expected, JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        switch (keyword)
        {
            case "$ref":
                Check(Referred(expected.GetString()!), value, at, faults);
                return null;
            case "oneOf" or "anyOf":
                var all = expected.EnumerateArray().Select(one => Faults(one, value)).ToList();
                var right = all.Count(found => found.Count == 0);
                return right == 1 || (right > 1 && keyword == "anyOf")
                    ? null
                    : $"expected {keyword} of {all.Count}, {right} are: {string.Join(" | ", all.SelectMany(one => one))}";
            case "type":
                var types = expected.ValueKind == JsonValueKind.Array ? expected.EnumerateArray().ToArray() : [expected];
                return types.Any(type => IsOf(type.GetString()!, value)) ? null : $"expected {expected}";
            case "enum":
                return expected.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : $"expected one of {expected}";
            default:
                return value.ValueKind switch
                {
                    JsonValueKind.Object => SayOfObject(keyword, expected, schema, value, at, faults),
                    JsonValueKind.Array => SayOfArray(keyword, expected, value, at, faults),
                    JsonValueKind.String => SayOfText(keyword, expected, value.GetString()!),
                    JsonValueKind.Number => SayOfNumber(keyword, expected, value),
                    _ => null,
                };
        }
    }

    private string? SayOfObject(string keyword, JsonElement expected, JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        switch (keyword)
        {
            case "required":
                var missing = expected.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).ToList();
                return missing.Count == 0 ? null : $"expected the fields {string.Join(", ", missing)}";
            case "properties":
                foreach (var field in value.EnumerateObject())
                {
                    if (expected.TryGetProperty(field.Name, out var inner))
                    {
                        Check(inner, field.Value, $"{at}.{field.Name}", faults);
                    }
                    else if (!schema.TryGetProperty("additionalProperties", out _))
                    {
                        faults.Add($"{at}.{field.Name}: is not described");
                    }
                }

                return null;
            case "additionalProperties":
                var known = schema.TryGetProperty("properties", out var listed) ? listed : default;
                foreach (var field in value.EnumerateObject().Where(field => known.ValueKind != JsonValueKind.Object || !known.TryGetProperty(field.Name, out _)))
                {
                    if (expected.ValueKind == JsonValueKind.Object)
                    {
                        Check(expected, field.Value, $"{at}.{field.Name}", faults);
                    }
                    else if (!expected.GetBoolean())
                    {
                        faults.Add($"{at}.{field.Name}: is not taken");
                    }
                }

                return null;
            default:
                return Unknown(keyword);
        }
    }

    private string? SayOfArray(string keyword, JsonElement expected, JsonElement value, string at, List<string> faults)
    {
        switch (keyword)
        {
            case "items":
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(expected, item, string.Create(CultureInfo.InvariantCulture, $"{at}[{index++}]"), faults);
                }

                return null;
            case "minItems":
                return value.GetArrayLength() >= expected.GetInt32() ? null : $"expected at least {expected} items";
            case "maxItems":
                return value.GetArrayLength() <= expected.GetInt32() ? null : $"expected at most {expected} items";
            default:
                return Unknown(keyword);
        }
    }

    private static string? SayOfText(string keyword, JsonElement expected, string value) => keyword switch
    {
        "minLength" => value.Length >= expected.GetInt32() ? null : $"expected at least {expected} characters",
        "maxLength" => value.Length <= expected.GetInt32() ? null : $"expected at most {expected} characters",
        "pattern" => Regex.IsMatch(value, expected.GetString()!, RegexOptions.ECMAScript) ? null : $"expected a match of {expected}",
        "format" => expected.GetString() == "date-time" && Regex.IsMatch(value, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$") ? null : $"expected {expected} in UTC",
        _ => Unknown(keyword),
    };

    private static string? SayOfNumber(string keyword, JsonElement expected, JsonElement value) => keyword switch
    {
        "minimum" => value.GetDecimal() >= expected.GetDecimal() ? null : $"expected at least {expected}",
        "maximum" => value.GetDecimal() <= expected.GetDecimal() ? null : $"expected at most {expected}",
        "format" => expected.GetString() == "int32" ? (value.TryGetInt32(out _) ? null : "expected 32 bits") : value.TryGetInt64(out _) ? null : "expected 64 bits",
        _ => Unknown(keyword),
    };

    private static string? Unknown(string keyword) => keyword is "$ref" or "type" or "enum" or "oneOf" or "anyOf"
        or "required" or "properties" or "additionalProperties" or "items" or "minItems" or "maxItems"
        or "minLength" or "maxLength" or "pattern" or "format" or "minimum" or "maximum"
        ? null
        : throw new InvalidOperationException($"The document uses the keyword '{keyword}', which is not checked.");

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new InvalidOperationException($"The document uses the type '{type}', which there is not."),
    };

    private JsonElement Referred(string reference)
    {
        var found = document;
        foreach (var part in reference.Split('/').Skip(1))
        {
            found = found.GetProperty(part);
        }

        return found;
    }

    private static string Cut(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 200 ? text[..200] + "…" : text;
    }
}
