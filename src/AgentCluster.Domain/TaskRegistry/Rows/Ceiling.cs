namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>
/// A number that only grows and is stored ahead of its use: the row holds a ceiling that is not reached yet, so it is
/// written once in 1,024 numbers, and a recovered registry goes on above the ceiling. Numbers have gaps for that.
/// </summary>
internal struct Ceiling
{
    private const long Block = 1_023;

    /// <summary>The last number used; after a recovery the ceiling.</summary>
    public long Last { get; private set; }

    /// <summary>As stored: at least <see cref="Last"/>.</summary>
    public long Stored { get; private set; }

    /// <summary>Goes on above what was stored.</summary>
    public void Restore(long stored) => (Last, Stored) = (stored, stored);

    /// <summary>Notes a number that was used.</summary>
    /// <returns>Whether what is stored has changed.</returns>
    public bool Use(long number)
    {
        Last = Math.Max(Last, number);
        if (number <= Stored)
        {
            return false;
        }

        Stored = number | Block;
        return true;
    }
}
