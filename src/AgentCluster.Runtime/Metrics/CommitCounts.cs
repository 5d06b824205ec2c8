using AgentCluster.Actors.Metrics;

namespace AgentCluster.Runtime.Metrics;

/// <summary>What became of the groups that a node wrote.</summary>
internal sealed class CommitCounts
{
    /// <summary>How long the store took for a group.</summary>
    public Histogram Duration { get; } = Histogram.OfDurations();

    /// <summary>How many events were in a group that was written.</summary>
    public Histogram Size { get; } = Histogram.OfCounts();

    /// <summary>Groups whose answer was lost, so that the lease rows had to tell.</summary>
    public Counter LostAnswers { get; } = new();

    /// <summary>Batches that the store refused because another process owns their shard.</summary>
    public Counter Fenced { get; } = new();

    /// <summary>Groups that the store could not take then and was sent again.</summary>
    public Counter Busy { get; } = new();

    /// <summary>Groups that were certainly not written: the disk is full, or the store failed.</summary>
    public Counter Failed { get; } = new();
}
