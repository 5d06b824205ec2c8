using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;
using Plan = AgentCluster.Simulation.Runs.Plan;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Who is a member and who owns what, at the moment it is decided. M1: nobody is declared down who has renewed within a lease. M2:
/// down is final. M3: nothing is taken from one who lives and has not released it. M4: a shard moves between two who live only when
/// the one that gets it had not been there when the other took it. M5: in the end every shard is served.
/// </summary>
internal sealed class MemberOracle(World world, SimulatedDatabase database, SimulatedCluster cluster, Plan plan, FaultCounts counts)
{
    private readonly Dictionary<Incarnation, TimeSpan> _renewed = [];
    private readonly Dictionary<Incarnation, ClusterView> _views = [];
    private readonly Dictionary<int, (Incarnation Owner, ClusterView? View)> _taken = [];
    private readonly HashSet<Incarnation> _down = [];
    private TimeSpan _doubtfulUntil;
    private int _rollbacks;

    /// <summary>
    /// Whether a member that lives was declared down, or the database was put back, so lately that it may not know it, and answers
    /// what it should not.
    /// </summary>
    public bool IsDoubtful => world.Clock.Elapsed < _doubtfulUntil;

    public void Joined(Member member) => _renewed[member.Incarnation] = world.Clock.Elapsed;

    public void Renewed(Incarnation member)
    {
        if (_down.Contains(member))
        {
            throw new ViolationException("M2 final", $"{member} is down and counted on");
        }

        _renewed[member] = world.Clock.Elapsed;
    }

    /// <summary>A node has heard the answer to its renewal: what it plans from here on it plans from this.</summary>
    public void Viewed(Incarnation member, ClusterView view) => _views[member] = view;

    public void Declared(Incarnation member, SimulatedDatabase.Word by)
    {
        _down.Add(member);
        // An operator may say it to any node, also to the one that it is about.
        if (by == SimulatedDatabase.Word.Operator || (by == SimulatedDatabase.Word.Own && !cluster.Nodes.Any(node => node.IsDraining && node.Actors?.Incarnation == member)))
        {
            _doubtfulUntil = world.Clock.Elapsed + plan.NodeLease;
        }

        if (by != SimulatedDatabase.Word.Watcher)
        {
            return;
        }

        counts.Reached("found to be down");
        if (_renewed.TryGetValue(member, out var at) && world.Clock.Elapsed - at < plan.NodeLease * 0.97)
        {
            throw new ViolationException("M1 never-early", $"{member} was declared down at {world.Clock.Elapsed}, and had renewed at {at}; the lease is {plan.NodeLease}");
        }
    }

    /// <summary>A member asks for shards, by what it knows now; what is returned is called when it gets them.</summary>
    public Action<IReadOnlyList<ShardLease>, IReadOnlyList<ShardLease>> Taking(Incarnation owner)
    {
        var (view, rollbacks) = (_views.GetValueOrDefault(owner), _rollbacks);
        return (before, taken) => Taken(before, taken, rollbacks == _rollbacks ? view : null);
    }

    private void Taken(IReadOnlyList<ShardLease> before, IReadOnlyList<ShardLease> taken, ClusterView? view)
    {
        foreach (var (old, lease) in before.Zip(taken))
        {
            From(old.Owner, lease);
            Minimal(lease, view);
            _taken[lease.Shard] = (lease.Owner, view);
        }
    }

    /// <summary>What was lost has not been decided.</summary>
    public void RolledBack()
    {
        _down.Clear();
        _taken.Clear();
        _views.Clear();
        _renewed.Clear();
        _rollbacks++;
        if (cluster.IsShared)
        {
            _doubtfulUntil = world.Clock.Elapsed + plan.NodeLease;
        }
    }

    /// <summary>Faults have stopped: within ten leases every shard is with the member that should have it, and that member lives.</summary>
    public async Task EndAsync()
    {
        if (!cluster.IsShared)
        {
            return;
        }

        var until = world.Clock.Elapsed + (10 * plan.NodeLease) + TimeSpan.FromSeconds(30);
        while (Unserved() is { } unserved)
        {
            if (world.Clock.Elapsed > until)
            {
                throw new ViolationException("M5 served", $"10 leases after faults stopped {unserved}");
            }

            await world.Pass(TimeSpan.FromSeconds(0.5));
        }
    }

    private string? Unserved()
    {
        var up = database.Data.Members.Where(member => member.Status == MemberStatus.Up).Select(member => member.Incarnation).ToList();
        var living = cluster.Nodes.Select(node => node.Actors).OfType<Runtime.ActorNode>().ToDictionary(actors => actors.Incarnation);
        if (living.Count < cluster.Nodes.Count || up.Count != living.Count || up.Any(member => !living.ContainsKey(member)))
        {
            return $"the members are {string.Join(',', up)}, and the nodes are {string.Join(',', living.Keys)}";
        }

        foreach (var lease in database.Data.Leases(Enumerable.Range(0, plan.Node.Shards)))
        {
            var should = Rendezvous.Owner(lease.Shard, up);
            if (lease.Owner != should || !living[lease.Owner].Shards[lease.Shard].IsTrusted)
            {
                return $"shard {lease.Shard} is owned by {lease.Owner} and should be by {should}";
            }
        }

        return null;
    }

    private void From(Incarnation old, ShardLease lease)
    {
        var status = Status(old);
        if (old != Incarnation.None && old != lease.Owner && status is MemberStatus.Up or MemberStatus.Leaving)
        {
            throw new ViolationException("M3 living", $"shard {lease.Shard} was taken by {lease.Owner} from {old}, which is {status}");
        }

        counts.Reached(old == Incarnation.None ? "taken free" : old == lease.Owner ? "taken again" : "taken over");
    }

    private void Minimal(ShardLease lease, ClusterView? view)
    {
        if (_taken.TryGetValue(lease.Shard, out var last) && last.Owner != lease.Owner
            && Status(last.Owner) == MemberStatus.Up && view is { } now && IsUp(now, last.Owner))
        {
            counts.Reached("handed over");
            if (last.View is { } then && IsUp(then, lease.Owner))
            {
                throw new ViolationException(
                    "M4 minimal", $"shard {lease.Shard} moved to {lease.Owner} from {last.Owner}, which had taken it knowing of the other");
            }
        }
    }

    private MemberStatus? Status(Incarnation member) => database.Data.Members.FirstOrDefault(found => found.Incarnation == member)?.Status;

    private static bool IsUp(ClusterView view, Incarnation who) => view.Find(who) is { Status: MemberStatus.Up };
}
