namespace AgentCluster.Bridge.Guards;

/// <summary>
/// How much one principal may still ask: a bucket that fills evenly and holds one second's worth. It is one number, the
/// moment at which the bucket will be full again, so taking from it is one compare-and-swap.
/// </summary>
/// <param name="perSecond">How many a second; at least 1.</param>
/// <param name="clock">Measures the time between requests.</param>
internal sealed class TokenBucket(int perSecond, TimeProvider clock)
{
    private readonly long _second = clock.TimestampFrequency;
    private readonly long _each = Math.Max(1, clock.TimestampFrequency / perSecond);
    private long _fullAt = long.MinValue;

    /// <summary>Takes one, if there is one.</summary>
    /// <param name="wait">In how many whole seconds there will be one; at least 1. Zero when one was taken.</param>
    public bool TryTake(out int wait)
    {
        var now = clock.GetTimestamp();
        while (true)
        {
            var was = Volatile.Read(ref _fullAt);
            var next = Math.Max(was, now) + _each;
            if (next - now > Math.Max(_second, _each))
            {
                wait = (int)Math.Max(1, (next - now - 1) / _second);
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, next, was) == was)
            {
                wait = 0;
                return true;
            }
        }
    }
}
