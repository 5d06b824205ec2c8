using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Completions that a reviewer decides on. An accepted one is a <see cref="TaskCompleted"/>.</content>
[JsonDerivedType(typeof(CompletionSubmitted), "completion-submitted.v1")]
[JsonDerivedType(typeof(CompletionReturned), "completion-returned.v1")]
public abstract partial record TaskRegistryEvent
{
    /// <summary>A holder handed its work in. Its claim is kept, the lease paused.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; it stays valid.</param>
    /// <param name="Reviewer">Who decides.</param>
    /// <param name="Outcome">What was handed in.</param>
    /// <param name="At">UTC.</param>
    public sealed record CompletionSubmitted(
        TaskId Task, FencingToken Token, AgentId Reviewer, Outcome Outcome, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>The reviewer wants more: the holder goes on, its lease in full.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Reviewer">Who decided.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Reasons">Why.</param>
    public sealed record CompletionReturned(
        TaskId Task,
        FencingToken Token,
        AgentId Reviewer,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<string> Reasons = default)
        : TaskRegistryEvent, IOfTask;
}
