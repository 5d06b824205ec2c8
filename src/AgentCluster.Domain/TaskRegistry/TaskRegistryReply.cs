using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>The answer to <see cref="TaskRegistryCommand.CreateTasks"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Created), "tasks-created.v1")]
[JsonDerivedType(typeof(Refused), "create-refused.v1")]
public abstract record CreateReply
{
    private CreateReply()
    {
    }

    /// <summary>All of them are there.</summary>
    /// <param name="Tasks">In the order asked for, without detail.</param>
    public sealed record Created(ValueList<TaskView> Tasks) : CreateReply;

    /// <summary>None of them is.</summary>
    /// <param name="Why">Invalid, or a cycle.</param>
    public sealed record Refused(TaskRefusal Why) : CreateReply;
}

/// <summary>The answer to a claim.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Granted), "claim-granted.v1")]
[JsonDerivedType(typeof(NothingReady), "claim-nothing.v1")]
[JsonDerivedType(typeof(Refused), "claim-refused.v1")]
public abstract record ClaimReply
{
    private ClaimReply()
    {
    }

    /// <summary>The agent holds the task.</summary>
    /// <param name="Task">With its claim; without detail.</param>
    public sealed record Granted(TaskView Task) : ClaimReply;

    /// <summary>Claim-next found nothing for this agent.</summary>
    /// <param name="Reason">Why not even a ready task could be had; null when there is none.</param>
    public sealed record NothingReady(Reason? Reason = null) : ClaimReply;

    /// <summary>A claim by id was refused.</summary>
    /// <param name="Why">Unknown, already claimed, or not ready.</param>
    public sealed record Refused(TaskRefusal Why) : ClaimReply;
}

/// <summary>The answer to <see cref="TaskRegistryCommand.ReportProgress"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Noted), "progress-noted.v1")]
[JsonDerivedType(typeof(Refused), "progress-refused.v1")]
public abstract record ProgressReply
{
    private ProgressReply()
    {
    }

    /// <summary>Heard.</summary>
    /// <param name="LeaseExpiresAt">UTC, for display.</param>
    /// <param name="CancelRequested">Whether the task was cancelled: stop working on it. Then nothing was renewed.</param>
    public sealed record Noted(DateTimeOffset LeaseExpiresAt, bool CancelRequested) : ProgressReply;

    /// <summary>Not heard.</summary>
    /// <param name="Why">Unknown, superseded, or an invalid transition.</param>
    public sealed record Refused(TaskRefusal Why) : ProgressReply;
}

/// <summary>The answer to <see cref="TaskRegistryCommand.CompleteTask"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Completed), "complete-done.v1")]
[JsonDerivedType(typeof(Refused), "complete-refused.v1")]
public abstract record CompleteReply
{
    private CompleteReply()
    {
    }

    /// <summary>The task is completed.</summary>
    /// <param name="Task">Without detail.</param>
    /// <param name="Next">The task claimed next, with its claim; null when none was, or none was asked for.</param>
    public sealed record Completed(TaskView Task, TaskView? Next = null) : CompleteReply;

    /// <summary>It is not.</summary>
    /// <param name="Why">Unknown, superseded, or an invalid transition.</param>
    public sealed record Refused(TaskRefusal Why) : CompleteReply;
}

/// <summary>The answer to a command about one task: fail, release, cancel, read.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "task-found.v1")]
[JsonDerivedType(typeof(Refused), "task-refused.v1")]
public abstract record TaskReply
{
    private TaskReply()
    {
    }

    /// <summary>Done; this is the task now.</summary>
    /// <param name="Task">Without detail.</param>
    public sealed record Found(TaskView Task) : TaskReply;

    /// <summary>Not done.</summary>
    /// <param name="Why">Unknown, superseded, or an invalid transition.</param>
    public sealed record Refused(TaskRefusal Why) : TaskReply;
}

/// <summary>The answer to <see cref="TaskRegistryCommand.ListAvailable"/>.</summary>
/// <param name="Tasks">Best first, without detail.</param>
/// <param name="Total">How many are ready, on all pages.</param>
public sealed record AvailableReply(ValueList<TaskView> Tasks, int Total);

/// <summary>The answer to <see cref="TaskRegistryCommand.ImportRows"/> and <see cref="TaskRegistryCommand.AdoptTasks"/>.</summary>
/// <param name="Created">Tasks that are new.</param>
/// <param name="Unchanged">Tasks that were left as they are.</param>
/// <param name="Updated">Tasks that the source has changed.</param>
/// <param name="Dropped">Dependencies left out, and why.</param>
/// <param name="Dangling">Dependencies of these tasks on tasks that are not known so far.</param>
/// <param name="Orphans">Tasks whose parent is no epic that is known so far.</param>
public sealed record ImportReply(
    int Created,
    int Unchanged,
    int Updated,
    ValueList<DroppedDependency> Dropped,
    ValueList<DanglingDependency> Dangling,
    ValueList<Orphan> Orphans);

/// <summary>A dependency on a task that is not known so far.</summary>
/// <param name="Task">The dependant.</param>
/// <param name="On">What it depends on.</param>
public readonly record struct DanglingDependency(TaskId Task, TaskId On);

/// <summary>A dependency that an import left out.</summary>
/// <param name="Task">The dependant.</param>
/// <param name="On">What it was to depend on.</param>
/// <param name="Cycle">The cycle it would have closed, first task not repeated; empty when the bound of dependants was reached.</param>
public sealed record DroppedDependency(TaskId Task, TaskId On, ValueList<TaskId> Cycle);

/// <summary>An imported task whose parent is not known to be an epic.</summary>
/// <param name="Task">The task.</param>
/// <param name="Parent">The epic that its parent would be.</param>
public readonly record struct Orphan(TaskId Task, EpicId Parent);
