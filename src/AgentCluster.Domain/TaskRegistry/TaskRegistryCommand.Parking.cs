using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What only a human can answer.</content>
[JsonDerivedType(typeof(RequireInput), "require-input.v1")]
[JsonDerivedType(typeof(AnswerInput), "answer-input.v1")]
public abstract partial record TaskRegistryCommand
{
    /// <summary>Parks a task until a human answers. The claim and its token are kept, the lease is paused.</summary>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Question">1 to 4,000 characters.</param>
    public sealed record RequireInput(TaskId Task, FencingToken Token, string Question) : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>Answers a parked task: its holder goes on with a lease in full, or, when nobody holds it, it is pending.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Answer">1 to 4,000 characters.</param>
    /// <param name="By">Whose handle came along; null under local trust.</param>
    public sealed record AnswerInput(TaskId Task, string Answer, AgentId? By = null) : TaskRegistryCommand, ICommand<TaskReply>;
}
