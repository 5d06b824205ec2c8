using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Sharding;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Commits;

/// <summary>
/// Group commit: while one group is being written, the next one gathers. A group is gathered by asking every lane to
/// seal what it has, so all commands that waited in front of that question are in it.
/// </summary>
internal sealed class Committer(CommitProtocol protocol, JournalSignal journal, ILogger log)
{
    private IReadOnlyList<LaneShards> _lanes = [];
    private int _busy;
    private int _wanted;
    private long _groups;
    private long _events;

    public long Groups => Interlocked.Read(ref _groups);

    public long Events => Interlocked.Read(ref _events);

    /// <summary>Whether a group is being gathered or written.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    public void Start(IReadOnlyList<LaneShards> lanes) => _lanes = lanes;

    /// <summary>Says that a lane has something to write. From any lane, any number of times.</summary>
    public void Want()
    {
        Volatile.Write(ref _wanted, 1);
        TryGather([]);
    }

    private void TryGather(IReadOnlyList<Settlement> settled)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0)
        {
            GatherOrRest(settled);
        }
    }

    /// <summary>Called by whoever holds <see cref="_busy"/>: hands out what is settled, and the next question if there is one.</summary>
    private void GatherOrRest(IReadOnlyList<Settlement> settled)
    {
        var next = Interlocked.Exchange(ref _wanted, 0) == 1 ? new Group(this, _lanes.Count) : null;
        HandOut(settled, next);
        if (next is null)
        {
            Interlocked.Exchange(ref _busy, 0);
            if (Volatile.Read(ref _wanted) == 1)
            {
                TryGather([]);
            }
        }
    }

    private void HandOut(IReadOnlyList<Settlement> settled, Group? next)
    {
        foreach (var lane in _lanes)
        {
            List<Settlement>? own = null;
            foreach (var settlement in settled)
            {
                if (settlement.Shard.Lane == lane.Lane)
                {
                    (own ??= []).Add(settlement);
                }
            }

            if (own is not null || next is not null)
            {
                lane.Lane.Post(new Step(lane, own ?? [], next));
            }
        }
    }

    private async void Write(IReadOnlyList<SealedBatch> batches)
    {
        IReadOnlyList<Settlement> settled = [];
        if (protocol.Breaks(Mutant.WritesTwoBatches))
        {
            GatherOrRest([]);
        }

        try
        {
            if (batches.Count > 0)
            {
                settled = await protocol.CommitAsync(batches);
                journal.Written();
                Interlocked.Increment(ref _groups);
                Interlocked.Add(ref _events, batches.Sum(batch => batch.Batch.Events.Count));
            }
        }
#pragma warning disable CA1031 // A bug here must not leave the node waiting for a commit that never ends.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            log.CommitFailed(batches.Count, bug);
            settled = [.. batches.Select(batch => new Settlement(
                batch.Shard,
                [.. batch.Parts.Select(part => new PartEnd(part, End.Unknown, Detail: "the runtime met a bug"))],
                batch.Batch.Held,
                Lost: true))];
        }

        if (protocol.Breaks(Mutant.WritesTwoBatches))
        {
            HandOut(settled, next: null);
        }
        else
        {
            GatherOrRest(settled);
        }
    }

    /// <summary>The next group, while the lanes put their batches in.</summary>
    internal sealed class Group(Committer committer, int lanes)
    {
        private readonly List<SealedBatch>[] _batches = new List<SealedBatch>[lanes];
        private int _missing = lanes;

        /// <summary>A lane's share; the last one starts the write.</summary>
        public void Add(int lane, List<SealedBatch> batches)
        {
            _batches[lane] = batches;
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                List<SealedBatch> all = [];
                foreach (var share in _batches)
                {
                    all.AddRange(share);
                }

                // In shard order, as every writer of the store locks lease rows.
                all.Sort(static (one, other) => one.Shard.Number.CompareTo(other.Shard.Number));
                committer.Write(all);
            }
        }
    }

    /// <summary>On a lane: what is settled first, so that a shard's next batch may go; then the share of the next group.</summary>
    private sealed class Step(LaneShards lane, List<Settlement> settled, Group? next) : LaneWork
    {
        public override void Run()
        {
            foreach (var settlement in settled)
            {
                settlement.Shard.Settle(settlement);
            }

            next?.Add(lane.Lane.Number, lane.Seal());
        }
    }
}
