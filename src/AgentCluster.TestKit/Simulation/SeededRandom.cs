using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>Chance from a seed: SplitMix64, the same on every version and machine (Steele, Lea, Flood, 2014).</summary>
/// <param name="seed">Any number.</param>
/// <param name="guard">Called before each draw; null where there is nothing to guard.</param>
public sealed class SeededRandom(ulong seed, Action? guard = null) : IRandom
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        guard?.Invoke();
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    /// <param name="limit">Greater than zero.</param>
    public int Next(int limit) => (int)(NextBits() % (ulong)limit);

    /// <summary>True once in <paramref name="of"/> times, about.</summary>
    /// <param name="of">Greater than zero.</param>
    public bool Once(int of) => Next(of) == 0;

    /// <inheritdoc/>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public UInt128 NextId() => new(NextBits(), NextBits() | 1);
}
