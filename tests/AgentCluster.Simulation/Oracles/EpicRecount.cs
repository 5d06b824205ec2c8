using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Simulation.Oracles;

/// <summary>What the tasks of an epic come to, counted one by one.</summary>
internal sealed class EpicRecount
{
    private readonly int[] _of = new int[Enum.GetValues<WorkStatus>().Length];

    public long Tokens { get; private set; }

    public decimal Usd { get; private set; }

    public int Open => Of(WorkStatus.Pending) + Of(WorkStatus.Blocked) + Of(WorkStatus.Running) + Of(WorkStatus.InputRequired);

    /// <summary>Without those that were deleted.</summary>
    public int Total => Open + Of(WorkStatus.Completed) + Of(WorkStatus.Failed) + Of(WorkStatus.Cancelled);

    /// <summary>How an epic of these tasks has ended; null while one is open.</summary>
    public EpicStatus? Course => Open > 0 ? null : Of(WorkStatus.Failed) > 0 ? EpicStatus.Failed : EpicStatus.Completed;

    public int Of(WorkStatus status) => _of[(int)status];

    public void Add(WorkStatus shown, TaskModel task)
    {
        _of[(int)shown]++;
        Tokens += task.Tokens;
        Usd += task.Usd;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Open} open, {Of(WorkStatus.Completed)} completed, {Of(WorkStatus.Failed)} failed, {Of(WorkStatus.Cancelled)} cancelled";
}
