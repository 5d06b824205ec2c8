using AgentCluster.Actors;

namespace AgentCluster.Bridge.Cluster;

/// <summary>Reads the end of the journal, for operators who look at what a cluster has just written.</summary>
/// <param name="journal">Committed events.</param>
internal sealed class JournalTail(IJournalReader journal)
{
    private const int PlacesAtOnce = 1_000;

    /// <summary>The last events of one shard, or of all together.</summary>
    /// <param name="shard">Which; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Oldest first, and how many there are in all.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    /// <remarks>
    /// A shard's events are in the order of their sequences, and of their time; several shards are merged by time. A shard is read on
    /// backwards only while its oldest event so far is among the last ones of all, so that many shards cost little more than one.
    /// </remarks>
    public async ValueTask<(IReadOnlyList<StoredEvent> Events, long Total)> ReadAsync(int? shard, int limit, CancellationToken cancellationToken)
    {
        var head = (await journal.ReadHeadAsync(cancellationToken)).Cursor;
        int[] shards = [.. Enumerable.Range(0, head.Shards).Where(number => head[number] > 0 && number == (shard ?? number))];
        var atOnce = Math.Max(1, Math.Min(limit, PlacesAtOnce / Math.Max(1, shards.Length)));
        var ends = shards.ToDictionary(number => number, number => head[number]);
        List<StoredEvent> last = [];
        while (ends.Count > 0)
        {
            JournalPlace[] places = [.. ends.SelectMany(end => Back(end.Key, end.Value, atOnce))];
            foreach (var some in places.Chunk(PlacesAtOnce))
            {
                last.AddRange(await journal.ReadPlacesAsync(some, cancellationToken));
            }

            last = [.. last.OrderBy(stored => stored.At).ThenBy(stored => stored.Shard).ThenBy(stored => stored.Sequence).TakeLast(limit)];
            var oldest = last.GroupBy(stored => stored.Shard).ToDictionary(own => own.Key, own => own.Min(stored => stored.Sequence));
            ends = places.GroupBy(place => place.Shard, place => place.Sequence)
                .Select(read => (Shard: read.Key, Next: read.Min()))
                .Where(read => read.Next > 1 && oldest.GetValueOrDefault(read.Shard) == read.Next)
                .ToDictionary(read => read.Shard, read => read.Next - 1);
        }

        return (last, shards.Sum(number => head[number]));
    }

    private static IEnumerable<JournalPlace> Back(int shard, long from, int count) =>
        Enumerable.Range(0, (int)Math.Min(from, count)).Select(i => new JournalPlace(shard, from - i));
}
