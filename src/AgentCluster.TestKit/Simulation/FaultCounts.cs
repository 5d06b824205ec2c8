namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// What happened and what was reached, over many runs: a check that was never reached proves nothing.
/// </summary>
public sealed class FaultCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>How often each fault happened and each interesting state was reached, by name.</summary>
    public IReadOnlyDictionary<string, long> All => _counts;

    /// <summary>Called when a fault happens, before it takes effect.</summary>
    public Action<Fault>? Happens { get; set; }

    /// <summary>A fault happened.</summary>
    /// <param name="fault">Which.</param>
    public void Happened(Fault fault)
    {
        Happens?.Invoke(fault);
        Reached(fault.ToString());
    }

    /// <summary>An interesting state was reached.</summary>
    /// <param name="state">Its name.</param>
    public void Reached(string state) => _counts[state] = _counts.GetValueOrDefault(state) + 1;

    /// <summary>Adds the counts of another run.</summary>
    /// <param name="other">The other.</param>
    public void Add(FaultCounts other)
    {
        foreach (var (state, count) in other._counts)
        {
            _counts[state] = _counts.GetValueOrDefault(state) + count;
        }
    }
}
