using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Operations;

/// <summary>A hash of all that was asked, alike for bodies that differ only in white space, escapes and the order of fields.</summary>
internal static class Payload
{
    /// <summary>The hash: 128 bits of SHA-256.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Without a trailing slash.</param>
    /// <param name="version">Of an If-Match; null without one.</param>
    /// <param name="body">Valid JSON, or nothing.</param>
    public static UInt128 Hash(string method, string path, long? version, in ReadOnlySequence<byte> body)
    {
        using var json = new PooledJson();
        json.Writer.WriteStartArray();
        json.Writer.WriteStringValue(method);
        json.Writer.WriteStringValue(path);
        if (version is { } seen)
        {
            json.Writer.WriteNumberValue(seen);
        }

        if (!body.IsEmpty)
        {
            using var document = JsonDocument.Parse(body);
            WriteSorted(json.Writer, document.RootElement);
        }

        json.Writer.WriteEndArray();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json.Bytes(), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    WriteSorted(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
