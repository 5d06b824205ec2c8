using System.Text.Json;
using AgentCluster.Actors;

namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>What a project's row holds beside its columns. One that says nothing is empty, as older nodes write it.</summary>
/// <param name="Wip">How many of its tasks may be held at a time; null for any number.</param>
internal sealed record RegistryPayload(int? Wip = null)
{
    public ReadOnlyMemory<byte> Write() =>
        Wip is null ? default : JsonSerializer.SerializeToUtf8Bytes(this, TaskRegistryJson.Default.RegistryPayload);

    public static RegistryPayload Read(Row row) => row.Payload.IsEmpty
        ? new()
        : JsonSerializer.Deserialize(row.Payload.Span, TaskRegistryJson.Default.RegistryPayload) ?? throw new JsonException($"The payload of {row.Key} is null.");
}
