using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What people changed.</content>
[JsonDerivedType(typeof(TaskEdited), "task-edited.v1")]
[JsonDerivedType(typeof(TaskDeleted), "task-deleted.v1")]
[JsonDerivedType(typeof(TaskWatched), "task-watched.v1")]
[JsonDerivedType(typeof(TaskUnwatched), "task-unwatched.v1")]
public abstract partial record TaskRegistryEvent
{
    /// <summary>A task was changed.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Patch">What changed.</param>
    /// <param name="At">UTC.</param>
    /// <param name="DependsOn">What it depends on from here on; null leaves it.</param>
    /// <param name="By">Whose handle came along; null under local trust.</param>
    public sealed record TaskEdited(
        TaskId Task, TaskPatch Patch, DateTimeOffset At, ValueList<Dependency>? DependsOn = null, AgentId? By = null)
        : TaskRegistryEvent, IOfTask;

    /// <summary>A task was deleted, and its claim with it. It satisfies its dependants.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="At">UTC.</param>
    public sealed record TaskDeleted(TaskId Task, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>An agent wants notices of a task.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">The agent.</param>
    /// <param name="At">UTC.</param>
    public sealed record TaskWatched(TaskId Task, AgentId Agent, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>An agent wants no more notices of a task.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">The agent.</param>
    /// <param name="At">UTC.</param>
    public sealed record TaskUnwatched(TaskId Task, AgentId Agent, DateTimeOffset At) : TaskRegistryEvent, IOfTask;
}
