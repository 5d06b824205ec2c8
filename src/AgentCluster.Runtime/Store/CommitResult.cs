namespace AgentCluster.Runtime.Store;

/// <summary>What became of a group.</summary>
/// <param name="Outcome">Of every batch that is not in <paramref name="Fenced"/>.</param>
/// <param name="Fenced">Shards whose lease row did not match: their batches wrote nothing.</param>
/// <param name="Detail">What the store said, for operators; null when done.</param>
public sealed record CommitResult(CommitOutcome Outcome, IReadOnlyList<int> Fenced, string? Detail = null)
{
    /// <summary>Everything is written.</summary>
    public static CommitResult Done { get; } = new(CommitOutcome.Done, []);
}

/// <summary>How a commit ended. The difference between "not" and "nobody knows" reaches the caller (P7).</summary>
public enum CommitOutcome
{
    /// <summary>Durable.</summary>
    Done,

    /// <summary>Certainly not written, for a reason that passes by itself (deadlock, serialization, busy): the identical group may be sent again.</summary>
    Busy,

    /// <summary>Certainly not written: the database refuses something that is in it. Split it and find out what.</summary>
    Refused,

    /// <summary>Certainly not written: the disk is full.</summary>
    Full,

    /// <summary>Certainly not written, for another reason.</summary>
    Failed,

    /// <summary>The answer was lost. Settle it with <see cref="IStore.SettleAsync"/>.</summary>
    Unknown,
}
