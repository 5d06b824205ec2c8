using System.Text.Json;

namespace AgentCluster.Bridge.Operations;

/// <summary>A result, as every face shows it: one JSON object, names in snake_case, times in RFC 3339 UTC.</summary>
internal interface IBody
{
    /// <summary>Writes the object.</summary>
    /// <param name="json">Where to.</param>
    void Write(Utf8JsonWriter json);
}
