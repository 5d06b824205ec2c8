using System.Text.Json.Serialization;
using AgentCluster.Actors.Metrics;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>
/// What has happened in a task registry. Names on disk carry a version and are never reused: to change an event's shape,
/// add a "v2" case and keep reading "v1". Those without a name are soft: applied, never written.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TaskCreated), "task-created.v1")]
[JsonDerivedType(typeof(TaskClaimed), "task-claimed.v1")]
[JsonDerivedType(typeof(TaskProgressed), "task-progressed.v1")]
[JsonDerivedType(typeof(TaskCompleted), "task-completed.v1")]
[JsonDerivedType(typeof(ClaimEnded), "claim-ended.v1")]
[JsonDerivedType(typeof(TaskFailed), "task-failed.v1")]
[JsonDerivedType(typeof(TaskCancelled), "task-cancelled.v1")]
[JsonDerivedType(typeof(TaskImported), "task-imported.v1")]
[JsonDerivedType(typeof(TaskReimported), "task-reimported.v1")]
[JsonDerivedType(typeof(TaskAdopted), "task-adopted.v1")]
[JsonDerivedType(typeof(EpicImported), "epic-imported.v1")]
public abstract partial record TaskRegistryEvent
{
    private TaskRegistryEvent()
    {
    }

    /// <summary>A task was created.</summary>
    /// <param name="Task">Its id.</param>
    /// <param name="Spec">What it is.</param>
    /// <param name="Ordinal">Its place in the order of creation; grows, with gaps.</param>
    /// <param name="At">UTC.</param>
    /// <param name="DependsOn">What it depends on, as that stood then.</param>
    public sealed record TaskCreated(
        TaskId Task,
        TaskSpec Spec,
        long Ordinal,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<Dependency> DependsOn = default)
        : TaskRegistryEvent, IOfTask;

    /// <summary>An agent was granted a task.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">The holder.</param>
    /// <param name="Token">Larger than any token of the registry before.</param>
    /// <param name="LeaseSeconds">How long the lease lasts after each sign of life.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Routed">How it came to be the best; null when it was asked for by name.</param>
    public sealed record TaskClaimed(
        TaskId Task, AgentId Agent, FencingToken Token, int LeaseSeconds, DateTimeOffset At, Standing? Routed = null)
        : TaskRegistryEvent, IOfTask;

    /// <summary>A holder reported something worth keeping.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Percent">0 to 100; null leaves it.</param>
    /// <param name="Note">Null adds none.</param>
    /// <param name="Cost">Null adds nothing.</param>
    public sealed record TaskProgressed(
        TaskId Task, FencingToken Token, DateTimeOffset At, int? Percent = null, string? Note = null, Cost? Cost = null)
        : TaskRegistryEvent, IOfTask;

    /// <summary>The work was done.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; it is never valid again.</param>
    /// <param name="Outcome">What it brought.</param>
    /// <param name="Cost">Null adds nothing.</param>
    public sealed record TaskCompleted(TaskId Task, FencingToken Token, Outcome Outcome, Cost? Cost = null) : TaskRegistryEvent, IOfTask;

    /// <summary>A claim ended without completion or cancel: the task is pending again, with one attempt more.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's; it is never valid again.</param>
    /// <param name="Cause">How it ended.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Reason">As the holder said; null when nobody said anything.</param>
    public sealed record ClaimEnded(
        TaskId Task, FencingToken Token, ClaimEnd Cause, DateTimeOffset At, string? Reason = null) : TaskRegistryEvent, IOfTask, ICounted
    {
        string ICounted.Cause => Cause switch
        {
            ClaimEnd.Released => "released",
            ClaimEnd.Failed => "failed",
            ClaimEnd.Lapsed => "lapsed",
            _ => "agent_gone",
        };
    }

    /// <summary>A task is given up: its last attempt failed, or may not be repeated.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="At">UTC.</param>
    public sealed record TaskFailed(TaskId Task, DateTimeOffset At) : TaskRegistryEvent, IOfTask;

    /// <summary>A task was called off, and its claim with it.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Reason">Null when nobody said.</param>
    public sealed record TaskCancelled(TaskId Task, DateTimeOffset At, string? Reason = null) : TaskRegistryEvent, IOfTask;

    /// <summary>A row of another tracker became a task.</summary>
    /// <param name="Task">Its id here.</param>
    /// <param name="Source">Where it came from.</param>
    /// <param name="Hash">Of the row as it came.</param>
    /// <param name="Spec">What it is.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="Ordinal">Its place in the order of creation; grows, with gaps.</param>
    /// <param name="CreatedAt">There, UTC.</param>
    /// <param name="UpdatedAt">There, UTC.</param>
    /// <param name="DependsOn">What gates it, as that stood then.</param>
    public sealed record TaskImported(
        TaskId Task,
        SourceRef Source,
        long Hash,
        TaskSpec Spec,
        WorkStatus Status,
        long Ordinal,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<Dependency> DependsOn = default)
        : TaskRegistryEvent, IOfTask;

    /// <summary>A row that was imported before came again, changed. What was changed here since is not in it.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Hash">Of the row as it came.</param>
    /// <param name="Spec">What the task is from here on.</param>
    /// <param name="Status">Where it stands from here on.</param>
    /// <param name="UpdatedAt">There, UTC.</param>
    /// <param name="DependsOn">What gates it from here on.</param>
    public sealed record TaskReimported(
        TaskId Task,
        long Hash,
        TaskSpec Spec,
        WorkStatus Status,
        DateTimeOffset UpdatedAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<Dependency> DependsOn = default)
        : TaskRegistryEvent, IOfTask;

    /// <summary>An imported task was put under an epic whose row came after its own.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Epic">The epic.</param>
    public sealed record TaskAdopted(TaskId Task, EpicId Epic) : TaskRegistryEvent, IOfTask, IOfEpic;

    /// <summary>A row of another tracker became an epic, or came again with another title or status.</summary>
    /// <param name="Epic">Its id here.</param>
    /// <param name="Task">The task that the same row became.</param>
    /// <param name="Title">One line for people.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="CreatedAt">There, UTC.</param>
    /// <param name="UpdatedAt">There, UTC.</param>
    public sealed record EpicImported(
        EpicId Epic, TaskId Task, string Title, EpicStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
        : TaskRegistryEvent, IOfTask, IOfEpic;

    /// <summary>Soft: a sign of life of a holder.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="At">UTC; the lease is shown to last from here.</param>
    public sealed record ClaimRenewed(TaskId Task, FencingToken Token, DateTimeOffset At) : TaskRegistryEvent;

    /// <summary>Soft: a holder's Agent actor was asked for its last sign of life.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Question">Names the question: only its answer counts.</param>
    public sealed record SignAsked(TaskId Task, FencingToken Token, long Question) : TaskRegistryEvent;

    /// <summary>Soft: a registered agent claimed; its Agent actor knows that this registry wants to hear when it goes.</summary>
    /// <param name="Agent">The agent.</param>
    /// <param name="Profile">Its registration.</param>
    public sealed record AgentMet(AgentId Agent, ClaimProfile Profile) : TaskRegistryEvent;

    /// <summary>Soft: an agent is said to be gone; when it claims again, its Agent actor is to know that this registry watches.</summary>
    /// <param name="Agent">The agent.</param>
    public sealed record AgentForgotten(AgentId Agent) : TaskRegistryEvent;
}

/// <summary>How a claim ended without completion or cancel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimEnd>))]
public enum ClaimEnd
{
    /// <summary>Its holder gave it back.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>Its holder failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its holder showed no sign of life for a whole lease.</summary>
    [JsonStringEnumMemberName("lapsed")]
    Lapsed,

    /// <summary>Its holder is gone: deregistered, or silent beyond its promise.</summary>
    [JsonStringEnumMemberName("agent_gone")]
    AgentGone,
}
