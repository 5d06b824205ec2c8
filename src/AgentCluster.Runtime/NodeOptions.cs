using AgentCluster.Runtime.Mutants;

namespace AgentCluster.Runtime;

/// <summary>The bounds and times of one node's runtime. Each is a bound that a caller can meet; the answer is in its description.</summary>
public sealed record NodeOptions
{
    /// <summary>How many shards there are. The same on every node, for the life of the store. Default: 256.</summary>
    public int Shards { get; init; } = 256;

    /// <summary>How many lanes take turns side by side; about as many as cores. Default: 2.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>How many commands from outside may wait on this node; one more is answered <c>overloaded</c>. Default: 16,384.</summary>
    public int MaxPending { get; init; } = 16_384;

    /// <summary>How many commands may wait at one actor; one more is answered <c>overloaded</c>. Default: 4,096.</summary>
    public int MailboxCapacity { get; init; } = 4_096;

    /// <summary>How many messages of one actor may be under way; at the bound its commands from outside are answered <c>overloaded</c>. Default: 1,024.</summary>
    public int OutboxCapacity { get; init; } = 1_024;

    /// <summary>How many turns one shard puts into one batch; later ones wait for the next. Default: 512.</summary>
    public int BatchTurns { get; init; } = 512;

    /// <summary>How many turns go into one group over all shards, about. Default: 512.</summary>
    public int GroupTurns { get; init; } = 512;

    /// <summary>How long a caller waits for its answer before it hears <c>outcome_unknown</c>, or <c>not_done</c> when the turn was never taken. Default: 10 seconds.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a commit whose answer was lost may stay unsettled before the shard is acquired anew. Default: 15 seconds.</summary>
    public TimeSpan SettleWindow { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a shard's lease is trusted, counted from before it was asked for. Null where the process lock is the
    /// lease (SQLite). Default: null.
    /// </summary>
    public TimeSpan? LeaseTrust { get; init; }

    /// <summary>
    /// After how many events an actor that replays its events is snapshotted; after as many more for each 100 KiB that its last snapshot
    /// has. Default: 100.
    /// </summary>
    public int SnapshotEvery { get; init; } = 100;

    /// <summary>How long an actor without timers, soft state or work stays in memory. Default: 2 minutes.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many actors are recovered at the same time. Default: 64.</summary>
    public int Recoveries { get; init; } = 64;

    /// <summary>How long a message may stay unacknowledged before it is sent again; doubles up to 30 seconds. Default: 2 seconds.</summary>
    public TimeSpan Redelivery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a command id is remembered. Default: 24 hours.</summary>
    public TimeSpan CommandRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often expired command ids are deleted, 10,000 at a time; sixty times as often while there are more. Default: 1 minute.</summary>
    public TimeSpan MaintenanceEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The rule that a simulation breaks on purpose.</summary>
    internal Mutant Mutant { get; init; }
}
