namespace AgentCluster.Runtime.Metrics;

/// <summary>How many there were of each of a few things. One thread counts, any may read.</summary>
internal sealed class Tally<TKey>
    where TKey : notnull
{
    private Dictionary<TKey, long[]> _many = [];

    public void Add(TKey one)
    {
        if (!_many.TryGetValue(one, out var many))
        {
            // Into a copy, because others read the old one meanwhile.
            many = [0];
            Volatile.Write(ref _many, new(_many) { [one] = many });
        }

        many[0]++;
    }

    public IEnumerable<(TKey One, long Many)> Read() => Volatile.Read(ref _many).Select(one => (one.Key, Volatile.Read(ref one.Value[0])));
}
