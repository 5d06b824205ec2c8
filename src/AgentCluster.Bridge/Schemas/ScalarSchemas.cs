using System.Text.Json;

namespace AgentCluster.Bridge.Schemas;

/// <summary>A text.</summary>
/// <param name="Least">Characters at least.</param>
/// <param name="Most">Characters at most; null where nothing is promised.</param>
internal sealed record TextSchema(int Least, int? Most) : Schema
{
    /// <summary>A regular expression that it matches, as ECMA-262 has them; null where any text will do.</summary>
    public string? Pattern { get; init; }

    /// <summary>A format of JSON Schema, such as <c>date-time</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The only texts that it may be; null where there are too many to tell.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        WriteType(json, "string");
        if (Words is not null)
        {
            WriteWords(json, Words);
            return;
        }

        if (Least > 0)
        {
            json.WriteNumber("minLength"u8, Least);
        }

        if (Most is { } most)
        {
            json.WriteNumber("maxLength"u8, most);
        }

        if (Pattern is not null)
        {
            json.WriteString("pattern"u8, Pattern);
        }

        if (Format is not null)
        {
            json.WriteString("format"u8, Format);
        }
    }

    private void WriteWords(Utf8JsonWriter json, IReadOnlyList<string> words)
    {
        json.WriteStartArray("enum"u8);
        foreach (var word in words)
        {
            json.WriteStringValue(word);
        }

        if (OrNull)
        {
            json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

/// <summary>A whole number.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal sealed record WholeSchema(long Least, long Most) : Schema
{
    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        WriteType(json, "integer");
        json.WriteString("format"u8, Most <= int.MaxValue ? "int32"u8 : "int64"u8);
        json.WriteNumber("minimum"u8, Least);

        // The format says it already, and no reader that counts in doubles could hold the number.
        if (Most != long.MaxValue)
        {
            json.WriteNumber("maximum"u8, Most);
        }
    }
}

/// <summary>A number.</summary>
/// <param name="Most">The largest; the smallest is 0. Null where nothing is promised.</param>
internal sealed record AmountSchema(decimal? Most) : Schema
{
    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        WriteType(json, "number");
        json.WriteNumber("minimum"u8, 0);
        if (Most is { } most)
        {
            json.WriteNumber("maximum"u8, most);
        }
    }
}

/// <summary>True or false.</summary>
internal sealed record FlagSchema : Schema
{
    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json) => WriteType(json, "boolean");
}
