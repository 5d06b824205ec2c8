namespace AgentCluster.Domain.TaskRegistry;

/// <content>What hangs on a claim elsewhere.</content>
public abstract partial record TaskRegistryCommand
{
    /// <summary>A repository's conflict detector wants to hear when a claim is over: something there ends with it.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; when it is over already, that is told at once.</param>
    /// <param name="Repository">Whose detector.</param>
    public sealed record TieToClaim(TaskId Task, FencingToken Token, string Repository) : TaskRegistryCommand;
}
