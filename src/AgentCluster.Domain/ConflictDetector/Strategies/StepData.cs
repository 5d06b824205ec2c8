using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>Writes what a step comes to, for programs.</summary>
internal static class StepData
{
    public static RawJson Of(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    public static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
