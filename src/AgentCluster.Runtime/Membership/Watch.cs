using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Membership;

/// <summary>
/// Watches the counters of the other members on this node's own monotonic clock. No clocks are compared: a member whose counter
/// has stood still for one lease as seen from here has not been able to trust its lease for a while.
/// </summary>
/// <param name="clock">Monotonic.</param>
/// <param name="lease">How long a counter may stand still.</param>
internal sealed class Watch(TimeProvider clock, TimeSpan lease)
{
    private Dictionary<Incarnation, (long Counter, long Since)> _seen = [];

    /// <summary>Takes note of what was read, and tells whose counter has stood still for too long.</summary>
    /// <param name="members">As read, without this node itself.</param>
    /// <param name="askedAt">Timestamp from before it was asked: what was read was so then, or later.</param>
    /// <param name="answeredAt">Timestamp from after it was answered: a counter that is new was not seen to stand before that.</param>
    public IReadOnlyList<Member> StandingStill(IReadOnlyList<Member> members, long askedAt, long answeredAt)
    {
        List<Member> still = [];
        Dictionary<Incarnation, (long Counter, long Since)> next = [];
        foreach (var member in members.Where(member => member.Status != MemberStatus.Down))
        {
            var isKnown = _seen.TryGetValue(member.Incarnation, out var seen) && seen.Counter == member.Counter;
            next[member.Incarnation] = isKnown ? seen : (member.Counter, answeredAt);
            if (isKnown && clock.GetElapsedTime(seen.Since, askedAt) >= lease)
            {
                still.Add(member);
            }
        }

        _seen = next;

        return still;
    }
}
