using System.Text.Json.Serialization;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What hangs on a claim elsewhere.</content>
[JsonDerivedType(typeof(ClaimTied), "claim-tied.v1")]
[JsonDerivedType(typeof(ResourcesTied), "resources-tied.v1")]
[JsonDerivedType(typeof(WorkLimited), "work-limited.v1")]
public abstract partial record TaskRegistryEvent
{
    /// <summary>Something in a repository ends with a claim.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Repository">Which repository.</param>
    /// <param name="At">UTC.</param>
    public sealed record ClaimTied(TaskId Task, FencingToken Token, string Repository, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>Resources were given for a task.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="At">UTC.</param>
    public sealed record ResourcesTied(TaskId Task, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>So many tasks of the project may be held at a time from here on.</summary>
    /// <param name="Most">Null for any number.</param>
    /// <param name="At">UTC.</param>
    public sealed record WorkLimited(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Most, DateTimeOffset At) : TaskRegistryEvent;
}
