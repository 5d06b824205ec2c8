using AgentCluster.Actors;

namespace AgentCluster.Domain.Agents;

/// <summary>The table that Agent actors write.</summary>
public static class AgentTables
{
    /// <summary>One row a registered agent. Id: the agent's.</summary>
    public static RowTable Agent { get; } = new("agent", [
        new("name", RowType.Text),
        new("roles", RowType.Text),        // each between line feeds; null for none
        new("capabilities", RowType.Text), // each between line feeds; null for none
        new("online", RowType.Integer),
        new("awake", RowType.Integer),     // online, or within its grace: its timers must run
        new("created_at", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Agent];
}
