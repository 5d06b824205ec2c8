namespace AgentCluster.Actors.Metrics;

/// <summary>A number that only grows, counted from any thread.</summary>
public sealed class Counter
{
    private long _value;

    /// <summary>How many so far.</summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>Counts.</summary>
    /// <param name="many">At least 0.</param>
    public void Add(long many = 1) => Interlocked.Add(ref _value, many);
}
