using AgentCluster.Actors;

namespace AgentCluster.Domain.Projections;

/// <summary>The tables that are computed from the journal; no actor writes them.</summary>
public static class ProjectionTables
{
    /// <summary>Names the cursor of all of them.</summary>
    public const string Name = "domain";

    /// <summary>Where each event of a task is. Id: <c>task#shard.sequence</c>, the numbers padded, so that they sort.</summary>
    public static RowTable TaskHistory { get; } = new("task_history", [
        new("place_shard", RowType.Integer),
        new("place_sequence", RowType.Integer)]);

    /// <summary>What an agent has done. Id: the agent's.</summary>
    public static RowTable AgentStatistics { get; } = new("agent_statistics", []);

    /// <summary>Claims that have not ended. Id: the task's.</summary>
    public static RowTable OpenClaim { get; } = new("open_claim", [
        new("agent", RowType.Text),
        new("since", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [TaskHistory, AgentStatistics, OpenClaim];

    /// <summary>What writes them.</summary>
    public static IReadOnlyList<IProjection> Folds { get; } = [new TaskHistory(), new AgentStatistics()];
}
