namespace AgentCluster.Runtime;

/// <summary>How long to wait before trying again: twice as long each time, up to a bound. A pure function; chance comes in as a number.</summary>
/// <param name="First">The first pause.</param>
/// <param name="Longest">No pause is longer.</param>
public readonly record struct BackOff(TimeSpan First, TimeSpan Longest)
{
    // Beyond this every bound in use is reached; it keeps the power of two from overflowing.
    private const int MostDoublings = 10;

    /// <summary>The pause after so many attempts.</summary>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="spread">Multiplies the pause before it is bounded, so that many who wait do not come back at once; 1 for none.</param>
    public TimeSpan After(int attempt, double spread = 1)
    {
        var pause = First * Math.Pow(2, Math.Min(attempt - 1, MostDoublings)) * spread;
        return pause < Longest ? pause : Longest;
    }
}
