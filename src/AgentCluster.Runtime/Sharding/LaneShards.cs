using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Metrics;
using AgentCluster.Runtime.Mutants;

namespace AgentCluster.Runtime.Sharding;

/// <summary>The shards of one lane, and those of them that have something to write.</summary>
internal sealed class LaneShards
{
    private readonly Queue<Shard> _dirty = new();
    private readonly ActorNode _node;
    private readonly List<Shard> _shards = [];
    private long _turns;

    public LaneShards(ActorNode node, Lane lane)
    {
        _node = node;
        Lane = lane;
        Counts = new(node.KindCount);
        Deadlines = new(lane.Timers, node.Clock, node.Options.AskTimeout);
        Recoveries = new(node, lane);
        lane.Ahead = new LaneAction(ProjectAhead);
        lane.Post(Sweep);
    }

    public Lane Lane { get; }

    public LaneCounts Counts { get; }

    public AskDeadlines Deadlines { get; }

    public Recovery Recoveries { get; }

    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>How many turns had something to write since the node began; from any thread, as of a moment ago.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>For the turn that is being taken: the rows that its events touch.</summary>
    public List<RowKey> Touched { get; } = [];

    public void Add(Shard shard) => _shards.Add(shard);

    /// <summary>Called once when a shard's open batch gets its first part.</summary>
    public void Dirty(Shard shard)
    {
        _dirty.Enqueue(shard);
        _node.Committer.Want();
    }

    public void CountTurn() => Volatile.Write(ref _turns, _turns + 1);

    /// <summary>This lane's share of the next group; what does not fit stays for the one after.</summary>
    public List<SealedBatch> Seal()
    {
        List<SealedBatch> batches = [];
        var turns = 0;
        var share = Math.Max(1, _node.Options.GroupTurns / _node.Options.Lanes);
        for (var waiting = _dirty.Count; waiting > 0 && turns < share; waiting--)
        {
            var shard = _dirty.Dequeue();
            var open = shard.OpenTurns;
            if (shard.IsWriting && !_node.Breaks(Mutant.WritesTwoBatches))
            {
                _dirty.Enqueue(shard);
            }
            else if (shard.Seal() is { } batch)
            {
                batches.Add(batch);
                turns += open;
            }
        }

        if (_dirty.Count > 0)
        {
            _node.Committer.Want();
        }

        return batches;
    }

    /// <summary>While a group is being written, the rows of the next are made ready.</summary>
    private void ProjectAhead()
    {
        foreach (var shard in _dirty)
        {
            shard.ProjectAhead();
        }
    }

    /// <summary>Lets idle actors leave memory, now and then for ever.</summary>
    private void Sweep()
    {
        Lane.Timers.Set(_node.Options.PassivateAfter / 4, _ =>
        {
            foreach (var shard in _shards)
            {
                shard.Passivate();
            }

            Sweep();
        });
    }
}
