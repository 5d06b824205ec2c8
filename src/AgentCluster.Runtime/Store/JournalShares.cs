using AgentCluster.Actors;

namespace AgentCluster.Runtime.Store;

/// <summary>How a page of the journal is shared out among the shards that have something to read, alike in every store.</summary>
public static class JournalShares
{
    /// <summary>What to read of each shard: the same number of events at most, so that a busy one does not keep the others out.</summary>
    /// <param name="ends">Shards and the sequence of their last event, by shard.</param>
    /// <param name="after">What was read already.</param>
    /// <param name="upTo">Nothing beyond it is read; null for the end.</param>
    /// <param name="limit">1 to 10,000 events in all.</param>
    public static IReadOnlyList<JournalShare> Share(
        IEnumerable<(int Shard, long Sequence)> ends, JournalCursor after, JournalCursor? upTo, int limit)
    {
        List<JournalShare> behind = [];
        foreach (var (shard, sequence) in ends)
        {
            var last = upTo is null ? sequence : Math.Min(sequence, upTo[shard]);
            if (last > after[shard])
            {
                behind.Add(new(shard, after[shard], (int)Math.Min(last - after[shard], limit)));
            }
        }

        if (behind.Count > limit)
        {
            behind.RemoveRange(limit, behind.Count - limit);
        }

        var each = behind.Count == 0 ? 0 : limit / behind.Count;
        return [.. behind.Select(share => share with { Count = Math.Min(share.Count, each) })];
    }
}

/// <summary>A shard's part of a page.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="After">The last sequence that was read already.</param>
/// <param name="Count">How many events follow.</param>
public readonly record struct JournalShare(int Shard, long After, int Count);
