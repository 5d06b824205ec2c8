using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Membership;

/// <summary>
/// Which member should own a shard: the one with the greatest weight for it. Every node comes to the same answer from the same
/// members, and a member that comes or goes moves its own share only. What it answers decides where actors live: never change it
/// while nodes run. (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998.)
/// </summary>
public static class Rendezvous
{
    /// <summary>Who should own a shard; null when nobody is there.</summary>
    /// <param name="shard">From 0.</param>
    /// <param name="members">Those that take part, in any order.</param>
    public static Incarnation? Owner(int shard, IEnumerable<Incarnation> members)
    {
        Incarnation? best = null;
        ulong heaviest = 0;
        foreach (var member in members)
        {
            var weight = Weight(shard, member);
            if (best is null || weight > heaviest || (weight == heaviest && member.Value > best.Value.Value))
            {
                (best, heaviest) = (member, weight);
            }
        }

        return best;
    }

    private static ulong Weight(int shard, Incarnation member) =>
        Mixed(Mixed((ulong)member.Value) ^ (ulong)(member.Value >> 64) ^ Mixed((ulong)shard + 0x9E37_79B9_7F4A_7C15));

    private static ulong Mixed(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58_476D_1CE4_E5B9;
        number = (number ^ (number >> 27)) * 0x94D0_49BB_1331_11EB;
        return number ^ (number >> 31);
    }
}
