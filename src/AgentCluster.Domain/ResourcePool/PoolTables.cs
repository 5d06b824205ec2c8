using AgentCluster.Actors;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>The tables that the resource pool writes.</summary>
public static class PoolTables
{
    /// <summary>One row an allocation, also one that is over: the history.</summary>
    public static RowTable Allocation { get; } = new("allocation", [
        new("agent", RowType.Text),
        new("task", RowType.Text),
        new("active", RowType.Integer),
        new("allocated_at", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Allocation];
}
