using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>
/// What can be asked of a task registry. Closed: every case is in this file and its partners, one a concept. Values are
/// checked before they are put into a command (<see cref="TaskSpec.Validate"/>, <see cref="Outcome.Validate"/>,
/// <see cref="Claimant.Validate"/>); names on disk are of those that travel as messages or timers.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(LapseClaim), "lapse-claim.v1")]
[JsonDerivedType(typeof(TakeSignAge), "take-sign-age.v1")]
[JsonDerivedType(typeof(FreeAgent), "free-agent.v1")]
[JsonDerivedType(typeof(CreateTasks), "create-tasks.v1")]
[JsonDerivedType(typeof(ClaimTask), "claim-task.v1")]
[JsonDerivedType(typeof(ClaimNext), "claim-next.v1")]
[JsonDerivedType(typeof(ReportProgress), "report-progress.v1")]
[JsonDerivedType(typeof(CompleteTask), "complete-task.v1")]
[JsonDerivedType(typeof(FailTask), "fail-task.v1")]
[JsonDerivedType(typeof(ReleaseTask), "release-task.v1")]
[JsonDerivedType(typeof(CancelTask), "cancel-task.v1")]
[JsonDerivedType(typeof(ReadTask), "read-task.v1")]
[JsonDerivedType(typeof(ListAvailable), "list-available.v1")]
[JsonDerivedType(typeof(ImportRows), "import-rows.v1")]
[JsonDerivedType(typeof(AdoptTasks), "adopt-tasks.v1")]
[JsonDerivedType(typeof(TieToClaim), "tie-to-claim.v1")]
[JsonDerivedType(typeof(TieResources), "tie-resources.v1")]
[JsonDerivedType(typeof(LimitWork), "limit-work.v1")]
public abstract partial record TaskRegistryCommand : ICommand
{
    private TaskRegistryCommand()
    {
    }

    /// <summary>Creates tasks: all of them, or none. Made by <see cref="TaskBatch.TryResolve"/>.</summary>
    /// <param name="Tasks">1 to 1,000.</param>
    public sealed record CreateTasks(ValueList<NewTask> Tasks) : TaskRegistryCommand, ICommand<CreateReply>;

    /// <summary>Asks for the sole right to work on a task, also one for manual assignment.</summary>
    /// <param name="Task">The task wanted.</param>
    /// <param name="By">Who will hold the claim.</param>
    /// <param name="LeaseSeconds">How long the claim lasts after each sign of life; 1 to 86,400.</param>
    public sealed record ClaimTask(TaskId Task, Claimant By, int LeaseSeconds)
        : TaskRegistryCommand, ICommand<ClaimReply>;

    /// <summary>Asks for the sole right to work on the best ready task.</summary>
    /// <param name="By">Who will hold the claim.</param>
    /// <param name="LeaseSeconds">How long the claim lasts after each sign of life; 1 to 86,400.</param>
    public sealed record ClaimNext(Claimant By, int LeaseSeconds) : TaskRegistryCommand, ICommand<ClaimReply>;

    /// <summary>Says that work goes on, and renews the lease. With nothing but a token it writes nothing.</summary>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Percent">0 to 100; null leaves it.</param>
    /// <param name="Note">1 to 4,000 characters; null adds none.</param>
    /// <param name="Cost">Added up; null adds nothing.</param>
    public sealed record ReportProgress(TaskId Task, FencingToken Token, int? Percent = null, string? Note = null, Cost? Cost = null)
        : TaskRegistryCommand, ICommand<ProgressReply>;

    /// <summary>Ends a claim with the work done, and claims the next task in the same turn when asked to.</summary>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="ResultSummary">At most 64 Ki characters.</param>
    /// <param name="Evidence">What the completion shows for itself.</param>
    /// <param name="Criteria">The acceptance criteria, one by one.</param>
    /// <param name="Cost">Added up; null adds nothing.</param>
    /// <param name="Next">What to claim then; null: nothing.</param>
    public sealed record CompleteTask(
        TaskId Task,
        FencingToken Token,
        string? ResultSummary = null,
        Evidence? Evidence = null,
        ValueList<CriterionAnswer> Criteria = default,
        Cost? Cost = null,
        NextClaim? Next = null) : TaskRegistryCommand, ICommand<CompleteReply>;

    /// <summary>Ends a claim without success; the task is tried again unless it may not be, or its attempts are used up.</summary>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Reason">1 to 4,000 characters.</param>
    /// <param name="Retryable">False: the task has failed at once.</param>
    public sealed record FailTask(TaskId Task, FencingToken Token, string Reason, bool Retryable)
        : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>Gives a claim back; costs an attempt.</summary>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Reason">At most 4,000 characters.</param>
    public sealed record ReleaseTask(TaskId Task, FencingToken Token, string? Reason = null)
        : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>Calls a task off at once, also one that is held. Repeating it changes nothing.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Reason">At most 4,000 characters.</param>
    public sealed record CancelTask(TaskId Task, string? Reason = null) : TaskRegistryCommand, ICommand<TaskReply>;

    /// <summary>Reads one task, with its lease as it is in memory.</summary>
    /// <param name="Task">The task.</param>
    public sealed record ReadTask(TaskId Task) : TaskRegistryCommand, ICommand<TaskReply>, IReading;

    /// <summary>Reads the ready tasks, best first, in the order in which claim-next hands them out.</summary>
    /// <param name="Capabilities">Only tasks that need no others; null for all.</param>
    /// <param name="Limit">1 to 200.</param>
    /// <param name="Offset">0 to 10,000.</param>
    public sealed record ListAvailable(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ValueList<string>? Capabilities, int Limit, int Offset)
        : TaskRegistryCommand, ICommand<AvailableReply>, IReading;

    /// <summary>Takes over rows of another tracker. Made by <see cref="Import.ImportRun"/>; repeating it changes nothing.</summary>
    /// <param name="Source">The tracker's name, for example <c>beads</c>.</param>
    /// <param name="Rows">0 to 500, ids distinct.</param>
    /// <param name="Epics">0 to 500, ids distinct: those that are no tasks too. One that is here already is left as it is.</param>
    public sealed record ImportRows(string Source, ValueList<ImportedRow> Rows, ValueList<ImportedEpic> Epics = default)
        : TaskRegistryCommand, ICommand<ImportReply>;

    /// <summary>Puts imported tasks under an epic whose row came after theirs.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Tasks">1 to 500; those that have an epic already, or do not exist, are left alone.</param>
    public sealed record AdoptTasks(EpicId Epic, ValueList<TaskId> Tasks) : TaskRegistryCommand, ICommand<ImportReply>;

    /// <summary>A lease is over unless its agent showed a sign of life. Sent by the claim's own timer.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">Which claim is meant: a later one is left alone.</param>
    /// <param name="Renewal">How often it had been renewed when the timer was set: a renewed claim is left alone.</param>
    /// <param name="Asked">How often its agent has been asked in vain.</param>
    public sealed record LapseClaim(TaskId Task, FencingToken Token, int Renewal, int Asked) : TaskRegistryCommand;

    /// <summary>The Agent actor's answer to a registry that wants to know whether a lease is over.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Token">Which claim is meant.</param>
    /// <param name="Question">As asked; an answer to an older question is passed over.</param>
    /// <param name="Age">Time since the agent's last sign of life.</param>
    public sealed record TakeSignAge(TaskId Task, FencingToken Token, long Question, TimeSpan Age) : TaskRegistryCommand;

    /// <summary>
    /// An agent is gone: deregistered, or silent beyond its promise. Told first without a token: the registry asks whether it
    /// still is, so that whoever came back meanwhile keeps what it holds. Told with one, its claims are freed.
    /// </summary>
    /// <param name="Agent">The agent.</param>
    /// <param name="UpTo">The last token that the registry had given when it asked: later claims are left alone. Null: it has not asked.</param>
    public sealed record FreeAgent(AgentId Agent, FencingToken? UpTo = null) : TaskRegistryCommand;
}

/// <summary>A task to create.</summary>
/// <param name="Id">A new ULID, minted by the caller, so that a repeat is the same request.</param>
/// <param name="Spec">Checked.</param>
/// <param name="DependsOn">Distinct; of the same batch or of the project; at most 200.</param>
public sealed record NewTask(TaskId Id, TaskSpec Spec, ValueList<TaskId> DependsOn)
{
    /// <summary>Who gets notices of it from its beginning; distinct, at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<AgentId> Watchers { get; init; }
}

/// <summary>Who wants to claim.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Profile">Its registration, as cached by the bridge; null for an agent that is not registered (local trust): no bound, no capabilities.</param>
/// <param name="Capabilities">What it says to have for this claim; null: as in its registration.</param>
public sealed record Claimant(AgentId Agent, ClaimProfile? Profile = null, ValueList<string>? Capabilities = null)
{
    /// <summary>What is wrong with a claim, field by field.</summary>
    /// <param name="claimant">As it came.</param>
    /// <param name="leaseSeconds">As it came.</param>
    public static ValueList<FieldError> Validate(Claimant claimant, int leaseSeconds) => new Validation()
        .Line("agent", claimant.Agent.Value, 1, Bounds.NameLength)
        .Lines("capabilities", claimant.Capabilities ?? [], Bounds.NameLength)
        .Range("lease_seconds", leaseSeconds, 1, Bounds.LeaseSeconds)
        .Errors;
}

/// <summary>What a registry must know of a registered agent.</summary>
/// <param name="MaxConcurrent">How many claims it may hold in a project; 1 to 1,000.</param>
/// <param name="Capabilities">What it can do.</param>
public sealed record ClaimProfile(int MaxConcurrent, ValueList<string> Capabilities);

/// <summary>What is claimed after a completion, by the agent that held the claim.</summary>
/// <param name="Profile">The holder's registration; null: as it was when it last claimed here.</param>
/// <param name="Capabilities">What it says to have for this claim; null: as in its registration.</param>
/// <param name="LeaseSeconds">1 to 86,400.</param>
public sealed record NextClaim(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ClaimProfile? Profile,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ValueList<string>? Capabilities,
    int LeaseSeconds);

/// <summary>One row of another tracker, as a task.</summary>
/// <param name="Id">Derived from project, source and <paramref name="SourceId"/>.</param>
/// <param name="SourceId">Its id there.</param>
/// <param name="Hash">Of the row as it came: an equal one is passed over.</param>
/// <param name="Spec">What it becomes.</param>
/// <param name="Status">Pending, input required, completed or deleted.</param>
/// <param name="DependsOn">What gates it; ids of rows that may come later.</param>
/// <param name="Parent">The epic it belongs to, if its parent's row turns out to be one; null for none.</param>
/// <param name="Epic">The epic that it also is; null for most.</param>
/// <param name="CreatedAt">There, UTC.</param>
/// <param name="UpdatedAt">There, UTC.</param>
public sealed record ImportedRow(
    TaskId Id,
    string SourceId,
    long Hash,
    TaskSpec Spec,
    WorkStatus Status,
    ValueList<TaskId> DependsOn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EpicId? Parent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EpicId? Epic,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>An epic of another cluster.</summary>
/// <param name="Id">Derived from project, source and source id.</param>
/// <param name="Spec">Checked with <see cref="EpicSpec.Validate"/>.</param>
/// <param name="IsCancelled">Whether it was called off there; where else it stands, its tasks say.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record ImportedEpic(EpicId Id, EpicSpec Spec, bool IsCancelled, DateTimeOffset CreatedAt);
