using System.Text.Json;

namespace AgentCluster.Bridge.Schemas;

/// <summary>What a JSON value may be, in the part of JSON Schema 2020-12 that this API needs. Closed: every case is in this folder.</summary>
internal abstract record Schema
{
    /// <summary>Whether null may stand there instead.</summary>
    public bool OrNull { get; init; }

    /// <summary>The schemas that this one is made of.</summary>
    public virtual IEnumerable<Schema> Parts => [];

    /// <summary>Writes the schema; a named one as a reference.</summary>
    /// <param name="json">Where to.</param>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteWhole(json);
        json.WriteEndObject();
    }

    /// <summary>Writes the keywords into an object that is open.</summary>
    /// <param name="json">Where to.</param>
    public abstract void WriteWhole(Utf8JsonWriter json);

    /// <summary>Writes the keyword <c>type</c>.</summary>
    protected void WriteType(Utf8JsonWriter json, string type)
    {
        if (!OrNull)
        {
            json.WriteString("type"u8, type);
            return;
        }

        json.WriteStartArray("type"u8);
        json.WriteStringValue(type);
        json.WriteStringValue("null"u8);
        json.WriteEndArray();
    }
}
