using AgentCluster.Actors;

namespace AgentCluster.Domain;

/// <summary>Every table that the domain's actors write: what a store is opened with, beside the runtime's own.</summary>
public static class DomainTables
{
    /// <summary>In no order.</summary>
    public static IReadOnlyList<RowTable> All { get; } =
        [.. TaskRegistry.TaskRegistryTables.All, .. Agents.AgentTables.All, .. ConflictDetector.DetectorTables.All, .. ResourcePool.PoolTables.All, .. Projections.ProjectionTables.All];
}
