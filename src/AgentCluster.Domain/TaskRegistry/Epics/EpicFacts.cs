using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry.Epics;

/// <summary>
/// One epic as its own events made it. Immutable; <c>After</c> is the only place that says what an event does to an epic.
/// What its tasks do to it is counted in <see cref="EpicEntry"/>.
/// </summary>
internal sealed record EpicFacts
{
    public required EpicId Id { get; init; }

    /// <summary>The task that the same imported row became; null when it was not imported.</summary>
    public TaskId? Task { get; init; }

    public required EpicSpec Spec { get; init; }

    public EpicStatus Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>Of its tasks, added up.</summary>
    public Cost Cost { get; init; } = Cost.None;

    /// <summary>Whether its status came about here: then an import leaves it alone.</summary>
    public bool HasOwnStatus { get; init; }

    /// <summary>Whether somebody wrote it anew here: then an import leaves that alone.</summary>
    public bool HasOwnTitle { get; init; }

    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public bool IsExhausted => Spec.Budget is { } budget && budget.IsSpentBy(Cost);

    /// <summary>Whether it is over whatever its tasks do.</summary>
    public bool IsClosed => Status is EpicStatus.Cancelled or EpicStatus.Deleted;

    /// <summary>Whether nobody may be granted a claim under it.</summary>
    public bool IsPaused => IsClosed || IsExhausted;

    public static EpicFacts From(EpicCreated e) => new() { Id = e.Epic, Spec = e.Spec, CreatedAt = e.At, UpdatedAt = e.At };

    public static EpicFacts From(EpicImported e) => new()
    {
        Id = e.Epic,
        Task = e.Task,
        Spec = new() { Title = e.Title },
        Status = e.Status,
        CreatedAt = e.CreatedAt,
        UpdatedAt = e.UpdatedAt,
        EndedAt = e.Status.IsOpen() ? null : e.UpdatedAt,
    };

    public EpicFacts After(EpicImported e) => this with
    {
        Spec = Spec with { Title = e.Title },
        Status = e.Status,
        Version = Version + 1,
        UpdatedAt = e.UpdatedAt,
        EndedAt = e.Status.IsOpen() ? null : EndedAt ?? e.UpdatedAt,
    };

    public EpicFacts After(EpicChanged e) => Changed(e.At) with
    {
        Spec = e.Spec,
        HasOwnTitle = HasOwnTitle || e.Spec.Title != Spec.Title,
    };

    public EpicFacts After(EpicStarted e) => Moved(EpicStatus.Active, e.At) with { StartedAt = StartedAt ?? e.At };

    public EpicFacts After(EpicEnded e) => Moved(e.Status, e.At) with { EndedAt = e.At };

    public EpicFacts After(EpicReopened e) => Moved(EpicStatus.Active, e.At) with { EndedAt = null };

    public EpicFacts After(EpicCancelled e) => Moved(EpicStatus.Cancelled, e.At) with { EndedAt = e.At, Reason = e.Reason };

    public EpicFacts After(EpicDeleted e) => Moved(EpicStatus.Deleted, e.At) with { EndedAt = EndedAt ?? e.At };

    public EpicFacts Spent(Cost? cost) => cost is null ? this : this with { Cost = Cost.Plus(cost) };

    public EpicView View(string project, EpicCounts counts) => new()
    {
        Id = Id,
        Project = project,
        Spec = Spec,
        Status = Status,
        Counts = counts,
        Cost = Cost,
        BudgetExhausted = IsExhausted,
        Reason = Reason,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
    };

    private EpicFacts Changed(DateTimeOffset at) => this with { Version = Version + 1, UpdatedAt = at };

    private EpicFacts Moved(EpicStatus to, DateTimeOffset at) => Changed(at) with { Status = to, HasOwnStatus = true };
}
