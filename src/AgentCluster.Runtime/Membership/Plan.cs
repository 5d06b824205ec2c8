using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Membership;

/// <summary>What one node does next about shards.</summary>
/// <param name="Take">Those that are its own by now and that nobody who lives holds.</param>
/// <param name="HandOver">Those that it holds and that are another's by now.</param>
/// <param name="GiveBack">Those that are another's by now and that it owns without holding them: it is not known that they were released.</param>
internal sealed record Plan(IReadOnlyList<ShardOwner> Take, IReadOnlyList<int> HandOver, IReadOnlyList<ShardOwner> GiveBack)
{
    /// <summary>The plan of a node. Pure: every node plans from what it read, and the store lets one of them take a shard.</summary>
    /// <param name="view">As read.</param>
    /// <param name="self">The node.</param>
    /// <param name="held">Which shards it holds in memory.</param>
    /// <param name="shards">How many there are.</param>
    /// <param name="broken">A rule that a simulation breaks.</param>
    public static Plan Of(ClusterView view, Incarnation self, IReadOnlySet<int> held, int shards, Mutant broken = Mutant.None)
    {
        Incarnation[] up = [.. view.Members.Where(member => member.Status == MemberStatus.Up).Select(member => member.Incarnation)];
        var living = view.Members.Where(member => member.Status != MemberStatus.Down).Select(member => member.Incarnation).ToHashSet();
        var owners = view.Owners.ToDictionary(owner => owner.Shard);
        List<ShardOwner> take = [];
        List<int> handOver = [];
        List<ShardOwner> giveBack = [];
        for (var shard = 0; shard < shards; shard++)
        {
            var should = broken == Mutant.SharesOutByCount && up.Length > 0 ? up[shard % up.Length] : Rendezvous.Owner(shard, up);
            var found = owners.GetValueOrDefault(shard, new(shard, 0, Incarnation.None));
            if (should == self && !held.Contains(shard) && (found.Owner == self || !living.Contains(found.Owner) || broken == Mutant.TakesFromTheLiving))
            {
                take.Add(found);
            }
            else if (should is { } other && other != self && held.Contains(shard))
            {
                handOver.Add(shard);
            }
            else if (should != self && found.Owner == self && !held.Contains(shard) && broken != Mutant.GivesNothingBack)
            {
                giveBack.Add(found);
            }
        }

        return new(take, handOver, giveBack);
    }
}
