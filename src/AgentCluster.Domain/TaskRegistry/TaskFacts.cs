using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>
/// One task as its events made it, without what is cold and without what is soft. Immutable, so that a decision can show
/// the task as it will be: <c>After</c> is the only place that says what an event does to a task.
/// </summary>
internal sealed partial record TaskFacts
{
    public required TaskId Id { get; init; }

    /// <summary>With an empty detail: that lies in a row of its own.</summary>
    public required TaskSpec Spec { get; init; }

    public bool HasDetail { get; init; }

    /// <summary>Never blocked: that is derived.</summary>
    public WorkStatus Status { get; init; }

    public ValueList<Dependency> DependsOn { get; init; }

    public int Attempt { get; init; }

    public int? Percent { get; init; }

    public Claim? Claim { get; init; }

    /// <summary>The last claim's token, also when it is over.</summary>
    public FencingToken LastToken { get; init; }

    /// <summary>The last claim's agent, also when it is over.</summary>
    public AgentId? LastAgent { get; init; }

    public Cost Cost { get; init; } = Cost.None;

    public Outcome? Outcome { get; init; }

    public string? Reason { get; init; }

    public SourceRef? Source { get; init; }

    public long SourceHash { get; init; }

    public TaskFields Local { get; init; }

    /// <summary>Whether a cancel ended its last claim: then the holder is told when it comes back with that token.</summary>
    public bool HeldAtCancel { get; init; }

    public required long Ordinal { get; init; }

    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsOpen => Status.IsOpen();

    public bool IsBlocked => Status == WorkStatus.Pending && IsGated;

    /// <summary>Whether claim-next may hand it out.</summary>
    public bool IsReady => Status == WorkStatus.Pending && !Spec.ManualAssignment && !IsGated;

    public WorkStatus Shown => IsBlocked ? WorkStatus.Blocked : Status;

    public bool MayBeTriedAgain => Attempt < Spec.MaxAttempts;

    private bool IsGated
    {
        get
        {
            foreach (var dependency in DependsOn)
            {
                if (dependency.Gates)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public static TaskFacts From(TaskCreated e) => new()
    {
        Id = e.Task,
        Spec = Hot(e.Spec),
        HasDetail = e.Spec.Detail != TaskDetail.None,
        Checks = Checks.Of(e.Spec.Detail),
        DependsOn = e.DependsOn,
        Ordinal = e.Ordinal,
        CreatedAt = e.At,
        UpdatedAt = e.At,
    };

    public static TaskFacts From(TaskImported e) => new()
    {
        Id = e.Task,
        Spec = Hot(e.Spec),
        HasDetail = e.Spec.Detail != TaskDetail.None,
        Checks = Checks.Of(e.Spec.Detail),
        Status = e.Status,
        DependsOn = e.DependsOn,
        Source = e.Source,
        SourceHash = e.Hash,
        Ordinal = e.Ordinal,
        CreatedAt = e.CreatedAt,
        UpdatedAt = e.UpdatedAt,
    };

    public TaskFacts After(TaskClaimed e) => Changed(e.At) with
    {
        Status = WorkStatus.Running,
        Claim = new(e.Agent, e.Token, e.LeaseSeconds, e.At),
        LastToken = e.Token,
        LastAgent = e.Agent,
        Percent = null,
        Reason = null,
        Routed = new(e.At, e.Routed),
    };

    public TaskFacts After(TaskProgressed e) => Changed(e.At) with
    {
        Claim = Claim! with { RenewedAt = e.At },
        Percent = e.Percent ?? Percent,
        HasDetail = HasDetail || e.Note is not null,
        Cost = Cost.Plus(e.Cost),
    };

    public TaskFacts After(TaskCompleted e) => Changed(e.Outcome.CompletedAt) with
    {
        Status = WorkStatus.Completed,
        Claim = null,
        Percent = 100,
        Outcome = e.Outcome,
        Review = IsInReview ? Review! with { State = ReviewState.Accepted, At = e.Outcome.CompletedAt, Submitted = null } : Review,
        Cost = Cost.Plus(e.Cost),
    };

    public TaskFacts After(ClaimEnded e) => Changed(e.At) with
    {
        // What was asked while the holder was there still waits for a human when the holder is gone.
        Status = Status == WorkStatus.InputRequired && e.Cause == ClaimEnd.AgentGone ? Status : WorkStatus.Pending,
        Claim = null,
        Attempt = Attempt + 1,
        Reason = e.Reason,
        Review = DecidedReview,
    };

    public TaskFacts After(TaskFailed e) => Changed(e.At) with { Status = WorkStatus.Failed };

    public TaskFacts After(TaskCancelled e) => Changed(e.At) with
    {
        Status = WorkStatus.Cancelled,
        Claim = null,
        HeldAtCancel = Claim is not null,
        Reason = e.Reason,
        Review = DecidedReview,
    };

    public TaskFacts After(TaskReimported e) => this with
    {
        Spec = Hot(e.Spec),
        HasDetail = e.Spec.Detail != TaskDetail.None,
        Checks = Checks.Of(e.Spec.Detail),
        Status = e.Status,
        DependsOn = e.DependsOn,
        SourceHash = e.Hash,
        Version = Version + 1,
        UpdatedAt = e.UpdatedAt,
    };

    public TaskFacts After(TaskAdopted e) =>
        this with { Spec = Spec with { EpicId = e.Epic }, Version = Version + 1 };

    /// <summary>A dependency stands elsewhere. No change of the task itself: its version stays.</summary>
    public TaskFacts WithDependency(TaskId on, DependencyState state) => this with
    {
        DependsOn = DependsOn.Select(each => each.On == on ? each with { State = state } : each).ToValueList(),
    };

    /// <param name="project">The registry's name.</param>
    /// <param name="renewedAt">When the claim was last renewed, softly or not.</param>
    public TaskView View(string project, DateTimeOffset renewedAt) => new()
    {
        Id = Id,
        Project = project,
        Spec = Spec,
        HasDetail = HasDetail,
        Status = Shown,
        DependsOn = DependsOn,
        Attempt = Attempt,
        Percent = Percent,
        Claim = Claim?.View(renewedAt, IsPaused),
        Assignee = (Claim?.Agent ?? LastAgentIfEnded)?.Value ?? Spec.Assignee,
        Cost = Cost,
        Outcome = Outcome,
        Reason = Reason,
        Inquiry = Inquiry,
        Review = Review,
        Watchers = Watchers,
        Source = Source,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    /// <summary>A task that is free again is nobody's; one that has ended stays its last holder's.</summary>
    public AgentId? LastAgentIfEnded => IsOpen ? null : LastAgent;

    private static TaskSpec Hot(TaskSpec spec) =>
        ReferenceEquals(spec.Detail, TaskDetail.None) ? spec : spec with { Detail = TaskDetail.None };

    private TaskFacts Changed(DateTimeOffset at) =>
        this with { Version = Version + 1, UpdatedAt = at, Local = Local | TaskFields.Status };
}

/// <summary>The sole right to work on a task.</summary>
/// <param name="Agent">Who holds it.</param>
/// <param name="Token">What every write of the holder carries.</param>
/// <param name="LeaseSeconds">How long the lease lasts after each sign of life.</param>
/// <param name="RenewedAt">UTC; when it was granted, or last renewed by a fact that was written.</param>
internal sealed record Claim(AgentId Agent, FencingToken Token, int LeaseSeconds, DateTimeOffset RenewedAt)
{
    /// <summary>Repositories whose detectors are told when it is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Tied { get; init; }

    [JsonIgnore]
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public ClaimView View(DateTimeOffset renewedAt, bool isPaused = false) =>
        new(Agent, Token, (renewedAt > RenewedAt ? renewedAt : RenewedAt) + Lease, LeaseSeconds, isPaused);
}
