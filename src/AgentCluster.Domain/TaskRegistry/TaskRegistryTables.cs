using AgentCluster.Actors;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>The tables that task registries write.</summary>
public static class TaskRegistryTables
{
    /// <summary>One row a task, rewritten with each change of its state. Id: the task's. Indexed for the lists of tasks.</summary>
    public static RowTable Task { get; } = new("task", [
        new("project", RowType.Text),
        new("epic_id", RowType.Text),
        new("title", RowType.Text),
        new("status", RowType.Text),       // as shown: blocked is not pending here
        new("priority", RowType.Integer),  // 0 to 4
        new("type", RowType.Text),
        new("tags", RowType.Text),         // each between line feeds; null for none
        new("assignee", RowType.Text),
        new("claim_token", RowType.Integer), // of the claim held, or held when it was cancelled
        new("open", RowType.Integer),
        new("source", RowType.Text),
        new("ordinal", RowType.Integer),
        new("created_at", RowType.Integer),
        new("updated_at", RowType.Integer)]);

    /// <summary>The part of a task that claims do not touch; missing when there is none. Id: the task's.</summary>
    public static RowTable Detail { get; } = new("task_detail", [new("project", RowType.Text)]);

    /// <summary>One row an epic, rewritten when a task of it comes or ends and when it costs, not when one is claimed. Id: the epic's.</summary>
    public static RowTable Epic { get; } = new("epic", [
        new("project", RowType.Text),
        new("title", RowType.Text),
        new("words", RowType.Text),        // the title, and after a line feed the description
        new("tags", RowType.Text),         // each between line feeds; null for none
        new("status", RowType.Text),
        new("open", RowType.Integer),      // also while it is cancelled or deleted and has open tasks
        new("total", RowType.Integer),     // of its tasks, deleted ones left out
        new("completed", RowType.Integer),
        new("failed", RowType.Integer),
        new("cancelled", RowType.Integer),
        new("created_at", RowType.Integer),
        new("updated_at", RowType.Integer)]);

    /// <summary>One row a project: up to where its numbers are given out. Id: the project's name.</summary>
    public static RowTable Registry { get; } = new("registry", [
        new("token_ceiling", RowType.Integer),
        new("ordinal_ceiling", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Task, Detail, Epic, Registry];
}
