namespace AgentCluster.Workers.Git;

/// <summary>What one call of git may take, and how many run at a time.</summary>
public sealed record GitLimits
{
    /// <summary>How many processes run at a time; further calls wait their turn. 1 or more. Default: 2.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>How long one process may run before it is killed with what it started. Default: 20 seconds.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of output after which it is killed. Default: 64 MiB.</summary>
    public int OutputBytes { get; init; } = 64 << 20;
}
