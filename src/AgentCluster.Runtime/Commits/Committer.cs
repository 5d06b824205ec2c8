using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Sharding;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Commits;

/// <summary>
/// Group commit: while one group is being written, the next one gathers. A group is gathered by asking every lane to
/// seal what it has, so all commands that waited in front of that question are in it. Whoever was answered just now may ask
/// again first: else those who are answered together and those who wait meanwhile would go on by turns, in groups of half the size.
/// </summary>
internal sealed class Committer(CommitProtocol protocol, IDispatcher dispatcher, JournalSignal journal, ILogger log)
{
    // Those who ask from this process are back after one or two. More would only keep the others waiting for callers who are far away.
    private const int MostRounds = 4;

    // What a commit costs once is little beside what so many events cost each: then it is better that others decide while it is written.
    private const int FullGroup = 100;

    private readonly IDispatcher _dispatcher = dispatcher;
    private IReadOnlyList<LaneShards> _lanes = [];
    private int _busy;
    private int _wanted;
    private long _taken;
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
        TryGather();
    }

    private void TryGather()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0)
        {
            GatherOrRest();
        }
    }

    /// <summary>Called by whoever holds <see cref="_busy"/>: asks the lanes for the next group if there is one.</summary>
    private void GatherOrRest()
    {
        if (Interlocked.Exchange(ref _wanted, 0) == 1)
        {
            var next = new Group(this, _lanes.Count);
            foreach (var lane in _lanes)
            {
                lane.Lane.Post(new Sealing(lane, next));
            }

            return;
        }

        Interlocked.Exchange(ref _busy, 0);
        if (Volatile.Read(ref _wanted) == 1)
        {
            TryGather();
        }
    }

    private void HandOut(IReadOnlyList<Settlement> settled)
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

            if (own is not null)
            {
                lane.Lane.Post(new Settling(own));
            }
        }
    }

    private async void Write(IReadOnlyList<SealedBatch> batches)
    {
        IReadOnlyList<Settlement> settled = [];
        var events = batches.Sum(batch => batch.Batch.Events.Count);
        var turns = Turns() - _taken;
        _taken += turns;
        if (protocol.Breaks(Mutant.WritesTwoBatches))
        {
            GatherOrRest();
        }

        try
        {
            if (batches.Count > 0)
            {
                settled = await protocol.CommitAsync(batches);
                journal.Written();
                Interlocked.Increment(ref _groups);
                Interlocked.Add(ref _events, events);
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

        var until = events < FullGroup ? Turns() + turns : 0;
        HandOut(settled);
        if (!protocol.Breaks(Mutant.WritesTwoBatches))
        {
            new Return(this, until).Run();
        }
    }

    private long Turns()
    {
        long turns = 0;
        foreach (var lane in _lanes)
        {
            turns += lane.Turns;
        }

        return turns;
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

    /// <summary>Goes on when as many turns have been taken since as there were in the group that was answered, after a few rounds of the dispatcher at the latest.</summary>
    private sealed class Return(Committer committer, long until) : IRunnable
    {
        private int _rounds;

        public void Run()
        {
            if (_rounds++ < MostRounds && committer.Turns() < until)
            {
                committer._dispatcher.Dispatch(this);
            }
            else
            {
                committer.GatherOrRest();
            }
        }
    }

    /// <summary>On a lane: a shard's next batch may go from here on.</summary>
    private sealed class Settling(List<Settlement> settled) : LaneWork
    {
        public override void Run()
        {
            foreach (var settlement in settled)
            {
                settlement.Shard.Settle(settlement);
            }
        }
    }

    /// <summary>On a lane: its share of the next group.</summary>
    private sealed class Sealing(LaneShards lane, Group next) : LaneWork
    {
        public override void Run() => next.Add(lane.Lane.Number, lane.Seal());
    }
}
