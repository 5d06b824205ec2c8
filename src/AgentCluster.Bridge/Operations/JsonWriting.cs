using System.Text.Json;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Operations;

/// <summary>Fields that may be missing, and lists.</summary>
internal static class JsonWriting
{
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
