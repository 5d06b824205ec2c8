using AgentCluster.Workers.Snapshots;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Forecasts;

/// <summary>What is known of one working copy between two sweeps.</summary>
internal sealed class CopyState(WatchedCopy watched, WorkingCopy copy, CopyReader reader, string index)
{
    public WatchedCopy Watched { get; } = watched;

    public WorkingCopy Copy { get; } = copy;

    public CopyReader Reader { get; } = reader;

    /// <summary>The name of its index on the bench.</summary>
    public string Index { get; } = index;

    public Snapshot? Snapshot { get; set; }

    public string? BaseCommit { get; set; }

    /// <summary>Where its work left the base; null if there is no such commit, or no single one.</summary>
    public string? Fork { get; set; }

    /// <summary>What was touched since <see cref="Fork"/>, or since the commit that is checked out where there is none.</summary>
    public Touches? Touches { get; set; }

    /// <summary>From which commits <see cref="Touches"/> was computed.</summary>
    public (string From, string To)? Compared { get; set; }

    public string? Problem { get; set; }
}
