using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>The answer to <see cref="TaskRegistryCommand.DeleteTasks"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Done), "tasks-deleted.v1")]
public abstract record DeleteReply
{
    private DeleteReply()
    {
    }

    /// <summary>What there is of them is deleted.</summary>
    /// <param name="Deleted">Those that are deleted now, in the order asked for.</param>
    /// <param name="NotFound">Those that the registry does not have.</param>
    public sealed record Done(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<TaskId> Deleted = default,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<TaskId> NotFound = default)
        : DeleteReply;
}

/// <summary>The answer to <see cref="TaskRegistryCommand.ExplainTask"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Explained), "task-explained.v1")]
[JsonDerivedType(typeof(Refused), "explain-refused.v1")]
public abstract record WhyReply
{
    private WhyReply()
    {
    }

    /// <summary>This is why.</summary>
    /// <param name="IsReady">Whether claim-next could hand it out.</param>
    /// <param name="IsClaimable">Whether a claim by name would be granted.</param>
    /// <param name="Reasons">Why not; empty when both hold.</param>
    /// <param name="Routed">Why the current or last claim went where it went; null before the first.</param>
    public sealed record Explained(bool IsReady, bool IsClaimable, ValueList<Reason> Reasons, Routed? Routed = null) : WhyReply;

    /// <summary>There is no such task.</summary>
    /// <param name="Why">Unknown.</param>
    public sealed record Refused(TaskRefusal Why) : WhyReply;
}

/// <summary>Why a task's current or last claim went where it went.</summary>
/// <param name="Agent">Who got it.</param>
/// <param name="At">UTC.</param>
/// <param name="Priority">The task's.</param>
/// <param name="CreatedAt">The task's, UTC: of two that are equal otherwise the older goes first.</param>
/// <param name="Best">How it stood as the best ready task; null when it was asked for by name.</param>
public sealed record Routed(AgentId Agent, DateTimeOffset At, Priority Priority, DateTimeOffset CreatedAt, Standing? Best = null);
