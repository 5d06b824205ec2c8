using AgentCluster.Bridge.Caches;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;

namespace AgentCluster.Bridge.Guards;

/// <summary>
/// Lets each principal ask so often and no oftener. Unnamed callers of this machine share one bucket. A principal that
/// was forgotten among many begins with a full bucket.
/// </summary>
/// <param name="perSecond">How many requests a second, and at once.</param>
/// <param name="clock">Measures the time between requests.</param>
internal sealed class Rates(int perSecond, TimeProvider clock)
{
    private const int Generation = 10_000;

    private readonly TokenBucket _unnamed = new(perSecond, clock);
    private readonly Recent<string, TokenBucket> _buckets = new(Generation, lifetime: null, clock);

    /// <summary>Takes note of a request, and says so when it is one too many.</summary>
    /// <param name="who">The principal.</param>
    public Problem? Refuse(Principal who)
    {
        var bucket = _unnamed;
        if (who != Principal.Local && !_buckets.TryGet(who.Name, out bucket))
        {
            _buckets.Put(who.Name, bucket = new(perSecond, clock));
        }

        return bucket.TryTake(out var wait)
            ? null
            : Unanswered.NotDone(ProblemKind.TooFast, $"Expected at most {perSecond} requests a second of {who.Name}.", wait);
    }
}
