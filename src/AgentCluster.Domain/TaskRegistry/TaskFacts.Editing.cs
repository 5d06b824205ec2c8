using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What people change.</content>
internal sealed partial record TaskFacts
{
    /// <summary>Who gets notices of it.</summary>
    public ValueList<AgentId> Watchers { get; init; }

    /// <summary>Why the current or last claim went where it went; null before the first.</summary>
    public Routing? Routed { get; init; }

    /// <summary>Whether the resource pool is told when a claim on it, or the task itself, is over.</summary>
    public bool HoldsResources { get; init; }

    /// <summary>Whether an import may put it under an epic: it has none, and nobody here took it out of one.</summary>
    public bool IsAdoptable => Spec.EpicId is null && !Local.HasFlag(TaskFields.EpicId);

    /// <param name="e">What was changed.</param>
    /// <param name="spec">The task after it, with its detail when the patch touches that.</param>
    public TaskFacts After(TaskEdited e, TaskSpec spec)
    {
        var edited = this with
        {
            Spec = Hot(spec),
            DependsOn = e.DependsOn ?? DependsOn,
            Local = Local | e.Patch.Fields | (e.DependsOn is null ? TaskFields.None : TaskFields.DependsOn),
            Version = Version + 1,
            UpdatedAt = e.At,
        };
        return !e.Patch.TouchesDetail ? edited : edited with
        {
            HasDetail = e.Patch.Note is not null || spec.Detail != TaskDetail.None,
            Checks = Checks.Of(spec.Detail),
            Review = IsInReview && spec.Detail.Reviewer is { } reviewer ? Review! with { Reviewer = reviewer } : Review,
        };
    }

    public TaskFacts After(TaskDeleted e) => Changed(e.At) with
    {
        Status = WorkStatus.Deleted,
        Claim = null,
        HeldAtCancel = HeldAtCancel || Claim is not null,
        Review = DecidedReview,
    };

    public TaskFacts After(TaskWatched e) =>
        this with { Watchers = Watchers.With(e.Agent), Version = Version + 1, UpdatedAt = e.At };

    public TaskFacts After(ClaimTied e) => Claim?.Token == e.Token ? this with { Claim = Claim with { Tied = Claim.Tied.With(e.Repository) } } : this;

    public TaskFacts After(TaskUnwatched e) => this with
    {
        Watchers = Watchers.Where(each => each != e.Agent).ToValueList(),
        Version = Version + 1,
        UpdatedAt = e.At,
    };
}
