using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What a reviewer decides.</content>
[JsonDerivedType(typeof(ReviewTask), "review-task.v1")]
public abstract partial record TaskRegistryCommand
{
    /// <summary>Accepts a completion that was handed in, or returns it to its holder, whose lease starts again in full.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">Must be the task's reviewer.</param>
    /// <param name="Accept">False returns it.</param>
    /// <param name="Reasons">At most 200 of at most 4,000 characters.</param>
    public sealed record ReviewTask(TaskId Task, AgentId Agent, bool Accept, ValueList<string> Reasons)
        : TaskRegistryCommand, ICommand<TaskReply>;
}
