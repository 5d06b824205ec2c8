namespace AgentCluster.Node;

/// <summary>How the process ends, for scripts and supervisors (sysexits.h where it has a number).</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A bad option, key or value; the message names it.</summary>
    public const int Usage = 64;

    /// <summary>The address cannot be listened on.</summary>
    public const int AddressTaken = 69;

    /// <summary>The data directory is in use, or cannot be used.</summary>
    public const int DataDirectory = 73;

    /// <summary>The database cannot be reached, or is not one that this program can use.</summary>
    public const int Database = 78;
}
