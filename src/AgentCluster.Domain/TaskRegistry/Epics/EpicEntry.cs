using AgentCluster.Domain.Epics;

namespace AgentCluster.Domain.TaskRegistry.Epics;

/// <summary>An epic in memory: its facts, and what is counted of its tasks.</summary>
internal sealed class EpicEntry(EpicFacts facts, EpicCounts counts)
{
    public EpicFacts Facts { get; set; } = facts;

    public EpicId Id => Facts.Id;

    /// <summary>Those that have ended are stored; the open ones are counted anew from memory after a recovery, so a claim rewrites no epic.</summary>
    public EpicCounts Counts { get; set; } = counts;

    /// <summary>Its open tasks, in the order in which they came to memory.</summary>
    public HashSet<TaskEntry> Open { get; } = [];

    /// <summary>Whether it stays in memory: an epic that is cancelled or deleted does until its last task is.</summary>
    public bool IsOpen => Facts.Status.IsOpen() || Open.Count > 0;

    public bool IsTouched { get; set; }

    public EpicView View(string project) => Facts.View(project, Counts);
}
