using System.Text.Json;
using AgentCluster.Actors;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>An allocation as a row, and back.</summary>
internal static class AllocationRow
{
    public static RowKey Key(AllocationId id) => new(PoolTables.Allocation.Name, id.Value);

    public static Row Write(Allocation allocation) => new(
        Key(allocation.Id),
        Kinds.ResourcesOfAll,
        [
            RowValue.Of(allocation.Agent.Value),
            RowValue.Of(allocation.Task?.Value),
            RowValue.Of(allocation.End is null),
            RowValue.Of(allocation.AllocatedAt),
        ],
        JsonSerializer.SerializeToUtf8Bytes(new(1, allocation), PoolJson.Default.AllocationPayload));

    public static Allocation Read(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, PoolJson.Default.AllocationPayload)?.Allocation
            ?? throw new JsonException($"The payload of {row.Key} is null.");
}

/// <summary>What an allocation's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Allocation">All of it.</param>
internal sealed record AllocationPayload(int V, Allocation Allocation);
