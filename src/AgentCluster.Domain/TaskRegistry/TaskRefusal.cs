using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>Why a registry did not do what it was asked: one case for each <c>code</c> of the outside contract.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "code")]
[JsonDerivedType(typeof(NotFound), "not_found")]
[JsonDerivedType(typeof(Invalid), "invalid")]
[JsonDerivedType(typeof(DependencyCycle), "dependency_cycle")]
[JsonDerivedType(typeof(AlreadyClaimed), "already_claimed")]
[JsonDerivedType(typeof(NotReady), "not_ready")]
[JsonDerivedType(typeof(ClaimSuperseded), "claim_superseded")]
[JsonDerivedType(typeof(InvalidTransition), "invalid_transition")]
public abstract partial record TaskRefusal
{
    private TaskRefusal()
    {
    }

    /// <summary>The registry has no such task.</summary>
    /// <param name="Task">The task asked for.</param>
    public sealed record NotFound(TaskId Task) : TaskRefusal;

    /// <summary>Something asked for cannot be.</summary>
    /// <param name="Errors">Field by field.</param>
    public sealed record Invalid(ValueList<FieldError> Errors) : TaskRefusal;

    /// <summary>A dependency would close a cycle.</summary>
    /// <param name="Cycle">Each depends on the one after it, the last on the first.</param>
    public sealed record DependencyCycle(ValueList<TaskId> Cycle) : TaskRefusal;

    /// <summary>Somebody holds the task.</summary>
    /// <param name="Holder">Who.</param>
    /// <param name="LeaseExpiresAt">UTC, for display.</param>
    public sealed record AlreadyClaimed(AgentId Holder, DateTimeOffset LeaseExpiresAt) : TaskRefusal;

    /// <summary>The task cannot be claimed, or not by this agent.</summary>
    /// <param name="Reasons">At least one.</param>
    public sealed record NotReady(ValueList<Reason> Reasons) : TaskRefusal;

    /// <summary>The token is not the one of the task's claim.</summary>
    /// <param name="Holder">Who holds the task now; null when nobody does.</param>
    /// <param name="CurrentToken">The last token that was granted for the task.</param>
    public sealed record ClaimSuperseded(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] AgentId? Holder, FencingToken CurrentToken)
        : TaskRefusal;

    /// <summary>The task has ended, or is not where this could be done.</summary>
    /// <param name="From">Where it stands.</param>
    /// <param name="To">Where it was to go.</param>
    /// <param name="Because">Why not, in a sentence; null when the two say it.</param>
    public sealed record InvalidTransition(WorkStatus From, WorkStatus To, string? Because = null) : TaskRefusal;
}

/// <summary>One reason why a task is not ready, or not claimable by somebody.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Detail">For people.</param>
/// <param name="Task">The dependency meant; null for other kinds.</param>
/// <param name="Missing">The capabilities meant; empty for other kinds.</param>
/// <param name="Holder">Who holds it; null for other kinds.</param>
/// <param name="LeaseExpiresAt">Until when, UTC, for display; null for other kinds and while the lease is paused.</param>
public sealed record Reason(
    ReasonCode Code,
    string Detail,
    TaskId? Task = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<string> Missing = default,
    AgentId? Holder = null,
    DateTimeOffset? LeaseExpiresAt = null)
{
    /// <summary>The conflict meant; null for other kinds.</summary>
    public ConflictId? Conflict { get; init; }
}

/// <summary>The kinds of reasons that a registry knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReasonCode>))]
public enum ReasonCode
{
    /// <summary>A dependency has not ended.</summary>
    [JsonStringEnumMemberName("dependency_open")]
    DependencyOpen,

    /// <summary>A dependency has failed: it never unblocks.</summary>
    [JsonStringEnumMemberName("dependency_failed")]
    DependencyFailed,

    /// <summary>A dependency was cancelled: it never unblocks.</summary>
    [JsonStringEnumMemberName("dependency_cancelled")]
    DependencyCancelled,

    /// <summary>Somebody holds it.</summary>
    [JsonStringEnumMemberName("claimed")]
    Claimed,

    /// <summary>It waits for a human's answer.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked,

    /// <summary>It has ended.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>The agent lacks a capability that it requires.</summary>
    [JsonStringEnumMemberName("missing_capability")]
    MissingCapability,

    /// <summary>The agent holds as many claims in the project as it may.</summary>
    [JsonStringEnumMemberName("max_concurrent")]
    MaxConcurrent,

    /// <summary>It is handed out by name only.</summary>
    [JsonStringEnumMemberName("manual_assignment")]
    ManualAssignment,

    /// <summary>Its epic's budget is spent.</summary>
    [JsonStringEnumMemberName("budget_exhausted")]
    BudgetExhausted,

    /// <summary>What it is to touch is in conflict. It keeps nobody from claiming.</summary>
    [JsonStringEnumMemberName("conflict")]
    Conflict,

    /// <summary>As many tasks of the project are held as may be.</summary>
    [JsonStringEnumMemberName("policy")]
    Policy,
}

/// <summary>The words for <see cref="ReasonCode"/>.</summary>
public static class ReasonCodes
{
    private static readonly ImmutableArray<string> Words =
    [
        "dependency_open", "dependency_failed", "dependency_cancelled", "claimed", "parked", "finished",
        "missing_capability", "max_concurrent", "manual_assignment", "budget_exhausted", "conflict", "policy",
    ];

    /// <summary>As in JSON.</summary>
    /// <param name="code">Any.</param>
    public static string Word(this ReasonCode code) => Words[(int)code];
}
