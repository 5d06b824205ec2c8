namespace AgentCluster.Actors.Metrics;

/// <summary>How often values fell between fixed bounds. Recording allocates nothing and takes no lock.</summary>
/// <param name="bounds">Growing; a value that equals a bound lies under it. One bucket more takes what is greater than all.</param>
/// <param name="scale">What a recorded value is multiplied with when it is shown.</param>
public sealed class Histogram(IReadOnlyList<long> bounds, double scale)
{
    private readonly long[] _bounds = [.. bounds];
    private readonly long[] _counts = new long[bounds.Count + 1];
    private long _sum;

    /// <summary>As they are shown, the last one left out.</summary>
    public IReadOnlyList<double> Bounds { get; } = [.. bounds.Select(bound => bound * scale)];

    /// <summary>Hears each value as it is shown; null while nobody exports them one by one.</summary>
    public Action<double>? Listener { get; set; }

    /// <summary>For durations in ticks of <see cref="TimeSpan"/>, shown in seconds: from a quarter of a millisecond to ten seconds.</summary>
    public static Histogram OfDurations() => new(
        [2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000, 25_000_000, 100_000_000], 1e-7);

    /// <summary>For how many there were of something: powers of four up to 4,096.</summary>
    public static Histogram OfCounts() => new([0, 1, 4, 16, 64, 256, 1_024, 4_096], 1);

    /// <summary>Takes a value, from any thread.</summary>
    /// <param name="value">Not negative.</param>
    public void Record(long value)
    {
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        Interlocked.Add(ref _sum, value);
        Listener?.Invoke(value * scale);
    }

    /// <summary>Takes a value, where only one thread at a time ever does.</summary>
    /// <param name="value">Not negative.</param>
    public void RecordAlone(long value)
    {
        _counts[BucketOf(value)]++;
        _sum += value;
        Listener?.Invoke(value * scale);
    }

    /// <summary>What was recorded so far.</summary>
    /// <param name="counts">Gets added how often each bucket was hit; one longer than <see cref="Bounds"/>.</param>
    /// <returns>The sum of all values, as it is shown.</returns>
    public double AddTo(Span<long> counts)
    {
        var sum = Volatile.Read(ref _sum);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            counts[bucket] += Volatile.Read(ref _counts[bucket]);
        }

        return sum * scale;
    }

    private int BucketOf(long value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }
}
