using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Simulation.Oracles;

/// <summary>One task as somebody with pencil and paper would keep it who reads the journal.</summary>
internal sealed class TaskModel(ActorId home, EpicId? epic, AgentId? reviewer, IReadOnlyList<TaskId> dependsOn)
{
    public ActorId Home => home;

    public EpicId? Epic { get; set; } = epic;

    public AgentId? Reviewer { get; set; } = reviewer;

    public IReadOnlyList<TaskId> DependsOn { get; set; } = dependsOn;

    public WorkStatus Status { get; set; } = WorkStatus.Pending;

    public bool IsInReview { get; set; }

    public AgentId? Holder { get; set; }

    public SortedSet<string> Watchers { get; } = new(StringComparer.Ordinal);

    public long Tokens { get; private set; }

    public decimal Usd { get; private set; }

    public bool IsOpen => Status is WorkStatus.Pending or WorkStatus.Running or WorkStatus.InputRequired;

    /// <summary>Whether the lease of its claim waits.</summary>
    public bool IsPaused => Status == WorkStatus.InputRequired || IsInReview;

    public void Spend(Cost? cost)
    {
        Tokens += cost?.ActualTokens ?? 0;
        Usd += cost?.ActualUsd ?? 0;
    }
}
