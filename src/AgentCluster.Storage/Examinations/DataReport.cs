namespace AgentCluster.Storage.Examinations;

/// <summary>What the data file says of itself, at one moment.</summary>
/// <param name="Schema">The number of the last migration.</param>
/// <param name="Generation">Counts restores; 1 at first.</param>
/// <param name="BackedUpAt">When it was made, if it is a backup that was not started yet; else null.</param>
/// <param name="Bytes">Of the database, without its log.</param>
/// <param name="FreeBytes">Of these, those that hold nothing.</param>
/// <param name="WalBytes">Of the log.</param>
/// <param name="JournalMode"><c>wal</c>, or <c>delete</c> in a backup.</param>
/// <param name="LastEventAt">When the last event was decided, by the clock of then; null without events.</param>
/// <param name="Behind">How many events the projections have not taken yet.</param>
/// <param name="Parked">Messages and timers that were set aside because deciding them failed three times.</param>
/// <param name="Damage">What SQLite's check found, at most ten lines; none when it is sound.</param>
public sealed record DataReport(
    int Schema,
    int Generation,
    DateTimeOffset? BackedUpAt,
    long Bytes,
    long FreeBytes,
    long WalBytes,
    string JournalMode,
    DateTimeOffset? LastEventAt,
    long Behind,
    long Parked,
    IReadOnlyList<string> Damage);
