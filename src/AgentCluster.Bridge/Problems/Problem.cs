using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Problems;

/// <summary>One refusal: its kind, what was expected and found, and the fields of its kind (RFC 9457).</summary>
/// <param name="Kind">Which sort.</param>
/// <param name="Detail">What was expected, what was found; never a stack, a path or a statement.</param>
/// <param name="Fields">Beyond the standard ones, in this order. Values: text, whole numbers, moments, lists of text, lists of text by name, and whatever writes itself.</param>
internal sealed record Problem(ProblemKind Kind, string Detail, params IReadOnlyList<(string Name, object? Value)> Fields)
    : IBody
{
    /// <summary>After how many seconds a caller should try again; null when trying again helps nothing.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>One field of a request that is not as it should be.</summary>
    /// <param name="field">Its name, as the caller wrote it.</param>
    /// <param name="expected">What was expected, and what was found.</param>
    public static Problem Invalid(string field, string expected) => new(
        ProblemKind.Invalid,
        $"{field}: {expected}",
        ("errors", new Dictionary<string, List<string>> { [field] = [expected] }));

    /// <summary>What the domain found wrong with the values of a request.</summary>
    /// <param name="errors">At least one.</param>
    public static Problem Invalid(ValueList<FieldError> errors) => new(
        ProblemKind.Invalid,
        $"{errors[0].Field}: {errors[0].Message}",
        ("errors", errors.GroupBy(error => error.Field, error => error.Message).ToDictionary(field => field.Key, field => field.ToList())));

    /// <summary>Nothing of that name.</summary>
    /// <param name="what">For example <c>task</c>.</param>
    /// <param name="id">As the caller wrote it.</param>
    public static Problem NotFound(string what, string id) =>
        new(ProblemKind.NotFound, $"There is no {what} '{id}'.", (what, id));

    /// <summary>It was changed since the caller saw it.</summary>
    /// <param name="seen">The version in If-Match.</param>
    /// <param name="current">The version now.</param>
    public static Problem VersionMismatch(long seen, long current) => new(
        ProblemKind.VersionMismatch,
        $"Expected the version {current}, found {Tags.IfMatch} with {seen}.",
        ("current_version", current));

    /// <summary>Writes it as an <c>application/problem+json</c> object.</summary>
    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Kind.Type);
        json.WriteString("title"u8, Kind.Title);
        json.WriteNumber("status"u8, Kind.Status);
        json.WriteString("detail"u8, Detail);
        json.WriteString("code"u8, Kind.Code);
        foreach (var (name, value) in Fields)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment.UtcDateTime);
                break;
            case Action<Utf8JsonWriter> write:
                write(json);
                break;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (var text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case IEnumerable<KeyValuePair<string, List<string>>> named:
                json.WriteStartObject();
                foreach (var (name, texts) in named)
                {
                    json.WritePropertyName(name);
                    WriteValue(json, texts);
                }

                json.WriteEndObject();
                break;
            default:
                throw new UnreachableException($"A problem field cannot hold a {value.GetType().Name}.");
        }
    }
}
