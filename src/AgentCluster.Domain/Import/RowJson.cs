using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.References;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>Reads the fields of a row; whatever is not as expected is a <see cref="FormatException"/> that says so.</summary>
internal static class RowJson
{
    /// <summary>Parses an object and hands it over.</summary>
    /// <param name="element">UTF-8.</param>
    /// <param name="read">What to make of it; the object is gone afterwards.</param>
    public static T Read<T>(ReadOnlySpan<byte> element, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(element.ToArray());
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(json.RootElement)
                : throw new FormatException($"Expected a JSON object, found {json.RootElement.ValueKind}.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"Expected a JSON object; {error.Message}", error);
        }
        catch (InvalidOperationException error) // how a string that is no valid Unicode announces itself
        {
            throw new FormatException("Expected valid Unicode text, found a lone surrogate.", error);
        }
    }

    /// <summary>What tells one content of an element from another.</summary>
    public static long Hash(ReadOnlySpan<byte> element) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(element));

    public static string? Text(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var text) || text.ValueKind == JsonValueKind.Null ? null
        : text.ValueKind == JsonValueKind.String ? text.GetString()
        : throw new FormatException($"Expected {field} to be text, found {text.ValueKind}.");

    public static JsonElement.ArrayEnumerator Items(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null ? default
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray()
        : throw new FormatException($"Expected {field} to be a list, found {list.ValueKind}.");

    /// <summary>A list of texts, each once.</summary>
    public static IEnumerable<string> Texts(JsonElement row, string field) =>
        Items(row, field)
            .Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new FormatException($"Expected {field} to be texts, found {item.ValueKind}."))
            .Distinct(StringComparer.Ordinal);

    public static DateTimeOffset? Moment(JsonElement row, string field) =>
        Text(row, field) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? RowValue.Kept(moment)
        : throw new FormatException($"Expected {field} to be a time with an offset, found '{text}'.");

    public static long? Whole(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var number) || number.ValueKind == JsonValueKind.Null ? null
        : number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var whole) ? whole
        : throw new FormatException($"Expected {field} to be a whole number, found {number}.");

    public static decimal? Amount(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var number) || number.ValueKind == JsonValueKind.Null ? null
        : number.ValueKind == JsonValueKind.Number && number.TryGetDecimal(out var amount) ? amount
        : throw new FormatException($"Expected {field} to be a number, found {number}.");

    /// <summary>A field that is kept as it is.</summary>
    public static RawJson? Free(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var free) || free.ValueKind == JsonValueKind.Null ? null : new(free.GetRawText());

    /// <summary>An id that a source chose.</summary>
    public static string Name(string? id) =>
        id is null ? throw new FormatException("Expected an id, found none.")
        : Storable.IsName(id) ? id
        : throw new FormatException($"Expected an id of 1 to {Bounds.NameLength} characters without control characters.");

    /// <summary>The fields that have no place of their own; null when there are none.</summary>
    /// <param name="row">The object.</param>
    /// <param name="hasPlace">Whether a field does.</param>
    public static RawJson? Rest(JsonElement row, Func<string, bool> hasPlace)
    {
        ArrayBufferWriter<byte> buffer = new();
        var isEmpty = true;
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (var field in row.EnumerateObject().Where(field => !hasPlace(field.Name)))
            {
                field.WriteTo(json);
                isEmpty = false;
            }

            json.WriteEndObject();
        }

        return isEmpty ? null : new(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Refuses what no task may be, and keeps what the text refers to.</summary>
    public static TaskSpec Checked(TaskSpec spec, int dependsOn) =>
        TaskSpec.Validate(spec, dependsOn) is { IsEmpty: false } errors
            ? throw new FormatException(string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")))
            : Referring.Mark(spec);
}
