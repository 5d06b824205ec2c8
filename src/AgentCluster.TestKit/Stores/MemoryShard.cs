using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <summary>One shard's lease row and events. An event's place in the list is its sequence less one.</summary>
internal sealed class MemoryShard(int shard, int generation)
{
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<ActorId, List<int>> _replayed = [];

    public ShardLease Lease { get; set; } = new(shard, generation, 0, Incarnation.None, 0, UInt128.Zero);

    /// <summary>Whether a batch may write: the fence.</summary>
    /// <param name="held">As the batch has it.</param>
    /// <param name="byEpochOnly">A broken rule: only the number of the epoch is compared, and how far the shard is written.</param>
    public bool Admits(ShardLease held, bool byEpochOnly) => byEpochOnly
        ? held.Epoch == Lease.Epoch && held.Sequence == Lease.Sequence && held.LastBatch == Lease.LastBatch
        : held.Owner != Incarnation.None
        && held.Generation == Lease.Generation
        && held.Epoch == Lease.Epoch
        && held.Owner == Lease.Owner
        && held.Sequence == Lease.Sequence
        && held.LastBatch == Lease.LastBatch;

    public void Append(StoreBatch batch)
    {
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var written = batch.Events[i];
            var at = RowValue.Moment(RowValue.Micros(written.At));
            if (written.Replayed)
            {
                if (!_replayed.TryGetValue(written.Actor, out var places))
                {
                    _replayed.Add(written.Actor, places = []);
                }

                places.Add(_events.Count);
            }

            _events.Add(new(shard, _events.Count + 1, written.Actor, written.Name, at, written.Payload, written.Channels));
        }

        Lease = Lease with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }

    public IReadOnlyList<StoredEvent> Read(long after, int limit)
    {
        var from = (int)Math.Clamp(after, 0, _events.Count);
        return _events.GetRange(from, Math.Min(limit, _events.Count - from));
    }

    public IReadOnlyList<StoredEvent> Read(ActorId actor, long after, int limit)
    {
        if (!_replayed.TryGetValue(actor, out var places))
        {
            return [];
        }

        var from = places.BinarySearch((int)Math.Clamp(after, 0, int.MaxValue));
        return [.. places.Skip(from < 0 ? ~from : from).Take(limit).Select(place => _events[place])];
    }
}
