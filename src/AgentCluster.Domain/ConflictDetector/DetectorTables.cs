using AgentCluster.Actors;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>The tables that conflict detectors write.</summary>
public static class DetectorTables
{
    /// <summary>One row a repository of which anything is known. Id: its name.</summary>
    public static RowTable Repository { get; } = new("repository", [
        new("awake", RowType.Integer)]); // something in it ends by time

    /// <summary>One row a worktree. Id: the repository's name, a line feed, and the worktree's.</summary>
    public static RowTable Worktree { get; } = new("worktree", [
        new("repository", RowType.Text),
        new("agent", RowType.Text),
        new("path", RowType.Text)]);

    /// <summary>One row a conflict, also one that is over.</summary>
    public static RowTable Conflict { get; } = new("conflict", [
        new("repository", RowType.Text),
        new("type", RowType.Text),
        new("severity", RowType.Text),
        new("status", RowType.Text),
        new("agents", RowType.Text), // each between line feeds
        new("tasks", RowType.Text),  // each between line feeds; null for none
        new("open", RowType.Integer),
        new("detected_at", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Repository, Worktree, Conflict];
}
