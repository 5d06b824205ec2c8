namespace AgentCluster.Workers.Snapshots;

/// <summary>What is read of one working copy.</summary>
public sealed record SnapshotLimits
{
    /// <summary>A file of more bytes is not read; a merge that depends on its content is unknown. Default: 32 MiB.</summary>
    public long FileBytes { get; init; } = 32 << 20;

    /// <summary>With more changed and untracked files than this a working copy is not read: a folder of build output is not ignored. Default: 10,000.</summary>
    public int ChangedFiles { get; init; } = 10_000;

    /// <summary>An index of more bytes is not copied. Default: 256 MiB.</summary>
    public long IndexBytes { get; init; } = 256 << 20;
}
