using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What people change.</content>
[JsonDerivedType(typeof(EditTask), "edit-task.v1")]
[JsonDerivedType(typeof(DeleteTasks), "delete-tasks.v1")]
[JsonDerivedType(typeof(WatchTask), "watch-task.v1")]
[JsonDerivedType(typeof(ExplainTask), "explain-task.v1")]
public abstract partial record TaskRegistryCommand
{
    /// <summary>Changes a task, also one that is held or has ended. A change to what it is already writes nothing.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Patch">What changes; checked by <see cref="TaskPatch.Validate"/>.</param>
    /// <param name="DependsOn">Distinct, of the project, at most 200; null leaves them.</param>
    /// <param name="ExpectedVersion">Refused when the task is at another; null: whatever it is at.</param>
    /// <param name="By">Whose handle came along; null under local trust.</param>
    public sealed record EditTask(
        TaskId Task, TaskPatch Patch, ValueList<TaskId>? DependsOn = null, long? ExpectedVersion = null, AgentId? By = null)
        : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>
    /// Deletes tasks, also held ones: their holders are told to stop, as at a cancel. Dependants go on as after a
    /// completion. Repeating it changes nothing.
    /// </summary>
    /// <param name="Tasks">Distinct, 1 to 1,000.</param>
    public sealed record DeleteTasks(ValueList<TaskId> Tasks) : TaskRegistryCommand, ICommand<DeleteReply>;

    /// <summary>Sends an agent notices of a task, or no more. Repeating it changes nothing.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">The agent.</param>
    /// <param name="IsWatching">Whether it wants notices.</param>
    public sealed record WatchTask(TaskId Task, AgentId Agent, bool IsWatching) : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>Asks why a task is not ready, or not claimable by an agent, and why its claim went where it went.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="By">Who would claim it; null: anybody.</param>
    public sealed record ExplainTask(TaskId Task, Claimant? By = null) : TaskRegistryCommand, ICommand<WhyReply>, IReading;
}
