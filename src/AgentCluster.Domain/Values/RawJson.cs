using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain;

/// <summary>A JSON value that is kept and shown as it came; nothing here looks inside.</summary>
/// <param name="Text">One valid JSON value, at most <see cref="Bounds.JsonLength"/> characters.</param>
[JsonConverter(typeof(RawJsonJson))]
public readonly record struct RawJson(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Writes a <see cref="RawJson"/> in place, not as a string.</summary>
internal sealed class RawJsonJson : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new(value.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text);
}
