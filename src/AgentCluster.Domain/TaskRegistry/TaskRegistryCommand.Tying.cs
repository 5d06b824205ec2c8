namespace AgentCluster.Domain.TaskRegistry;

/// <content>What hangs on a claim elsewhere.</content>
public abstract partial record TaskRegistryCommand
{
    /// <summary>A repository's conflict detector wants to hear when a claim is over: something there ends with it.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; when it is over already, that is told at once.</param>
    /// <param name="Repository">Whose detector.</param>
    public sealed record TieToClaim(TaskId Task, FencingToken Token, string Repository) : TaskRegistryCommand;

    /// <summary>The resource pool gave something for a task, and wants to hear when a claim on it, or the task, is over.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Allocation">What was given; when it is over already, that is told at once.</param>
    /// <param name="Token">The claim that it was given to; null for the task itself.</param>
    public sealed record TieResources(TaskId Task, AllocationId Allocation, FencingToken? Token = null) : TaskRegistryCommand;

    /// <summary>How many tasks of the project may be held at a time: the policy tells. What is held already stays held.</summary>
    /// <param name="Most">Null for any number.</param>
    public sealed record LimitWork(int? Most = null) : TaskRegistryCommand;
}
