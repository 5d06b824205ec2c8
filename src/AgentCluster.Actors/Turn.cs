namespace AgentCluster.Actors;

/// <summary>What a behavior may know of the world while it decides. Read once by the runtime at the start of the turn.</summary>
/// <param name="Now">UTC. Stamps and shows; no decision compares it.</param>
/// <param name="Uptime">
/// Monotonic time of this node, for the age of soft facts ("last seen 12 s ago"). It starts anew with the process, so
/// it may be compared only with values that were also lost with the process.
/// </param>
/// <param name="Generation">Counts restores of the store from a backup; 1 in a store that was never restored.</param>
public readonly record struct Turn(DateTimeOffset Now, TimeSpan Uptime, int Generation)
{
    /// <summary>Rows that were asked for by <see cref="Decision{TEvent}.Needs"/> and do not exist; null before anything was asked for.</summary>
    public IReadOnlySet<RowKey>? Absent { get; init; }

    /// <summary>Whether the store was asked for this row and has none.</summary>
    /// <param name="key">The row.</param>
    public bool IsAbsent(RowKey key) => Absent is not null && Absent.Contains(key);
}
