using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Cluster;

/// <summary>One key of a node's configuration. Secrets are no keys, so none is shown.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">The value in effect.</param>
/// <param name="Origin">Where it was said: a file with line and column, a variable or an option.</param>
public sealed record ConfigEntry(string Key, string Value, string Origin);

/// <summary>All that a node is set to.</summary>
/// <param name="Entries">A line a key.</param>
internal sealed record ConfigBody(IReadOnlyList<ConfigEntry> Entries) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Config")
        .PageOf(Is.Object("ConfigEntry")
            .With("key", Is.Text)
            .With("value", Is.Text)
            .With("origin", Is.Text));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Entries, Entries.Count, entry =>
        {
            json.WriteStartObject();
            json.WriteString("key"u8, entry.Key);
            json.WriteString("value"u8, entry.Value);
            json.WriteString("origin"u8, entry.Origin);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}
