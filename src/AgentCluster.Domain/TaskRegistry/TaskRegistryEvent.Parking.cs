using System.Text.Json.Serialization;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Tasks that wait for a human.</content>
[JsonDerivedType(typeof(InputRequired), "input-required.v1")]
[JsonDerivedType(typeof(InputAnswered), "input-answered.v1")]
[JsonDerivedType(typeof(Escalated), "escalated.v1")]
public abstract partial record TaskRegistryEvent
{
    /// <summary>A holder asked a human, and waits.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; it stays valid.</param>
    /// <param name="Question">What it wants to know.</param>
    /// <param name="At">UTC.</param>
    public sealed record InputRequired(TaskId Task, FencingToken Token, string Question, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>The answer came: the holder goes on, or the task is free when nobody holds it.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Answer">The answer.</param>
    /// <param name="At">UTC.</param>
    /// <param name="By">Whose handle came along; null under local trust.</param>
    public sealed record InputAnswered(TaskId Task, string Answer, DateTimeOffset At, AgentId? By = null) : TaskRegistryEvent, IOfTask;

    /// <summary>A task has used up its attempts: a human is told. Changes nothing; it follows <see cref="TaskFailed"/>.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Attempts">How many claims ended without completion.</param>
    /// <param name="At">UTC.</param>
    public sealed record Escalated(TaskId Task, int Attempts, DateTimeOffset At) : TaskRegistryEvent, IOfTask;
}
