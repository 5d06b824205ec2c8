using System.Text.Json;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Operations;

/// <summary>Fields that may be missing, lists, and pages of lists.</summary>
internal static class JsonWriting
{
    /// <summary>Writes the fields of a page: what is on it, and how many there are on all pages.</summary>
    /// <param name="json">In an object that is open.</param>
    /// <param name="items">In order.</param>
    /// <param name="total">Null when it was not counted.</param>
    /// <param name="write">Writes one of them, an object.</param>
    public static void WritePage<T>(this Utf8JsonWriter json, IEnumerable<T> items, long? total, Action<T> write)
    {
        json.WriteStartArray("items"u8);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
        json.WriteOptional("total"u8, total);
    }

    /// <summary>Writes the fields of a page of results.</summary>
    /// <param name="json">In an object that is open.</param>
    /// <param name="items">In order.</param>
    /// <param name="total">Null when it was not counted.</param>
    public static void WritePage(this Utf8JsonWriter json, IEnumerable<IBody> items, long? total) =>
        json.WritePage(items, total, item => item.Write(json));

    /// <summary>Writes a list of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ValueList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a list of texts unless it is empty.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ValueList<string> texts)
    {
        if (!texts.IsEmpty)
        {
            json.WriteTexts(name, texts);
        }
    }

    /// <summary>Writes a text unless there is none.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    /// <summary>Writes a number unless there is none.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    /// <summary>Writes a moment unless there is none.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? moment)
    {
        if (moment is { } value)
        {
            json.WriteString(name, value.UtcDateTime);
        }
    }

    /// <summary>Writes a caller's own JSON in place unless there is none.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, RawJson? free)
    {
        if (free is { } value)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Text, skipInputValidation: true);
        }
    }
}
