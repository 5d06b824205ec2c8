using AgentCluster.Actors;

namespace AgentCluster.Runtime.Store;

/// <summary>All that one shard writes in one commit, reduced to its net effect for each row.</summary>
/// <param name="Held">The lease as the writer knows it: generation, epoch, owner, sequence and last batch must match, or the batch is fenced.</param>
/// <param name="Id">Random; becomes the lease row's <see cref="ShardLease.LastBatch"/>.</param>
/// <param name="Events">Their sequences follow <see cref="ShardLease.Sequence"/> of <paramref name="Held"/> without a gap, in this order. May be empty.</param>
/// <param name="Rows">Inserted, or replaced whole. No key twice.</param>
/// <param name="Gone">Rows of this shard deleted; one that does not exist in it is no error. No key that is also in <paramref name="Rows"/>.</param>
public sealed record StoreBatch(
    ShardLease Held,
    UInt128 Id,
    IReadOnlyList<EventWrite> Events,
    IReadOnlyList<RowWrite> Rows,
    IReadOnlyList<RowGone> Gone)
{
    /// <summary>The sequence of the shard once this is written.</summary>
    public long Sequence => Held.Sequence + Events.Count;
}

/// <summary>An event to append.</summary>
/// <param name="Actor">Whose.</param>
/// <param name="Name">Versioned name on disk, for example <c>task-claimed.v1</c>.</param>
/// <param name="At">UTC of the turn.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Replayed">Whether the actor recovers from its events, so that they must be found by actor.</param>
/// <param name="Channels">What it is about besides its actor, a line each.</param>
public readonly record struct EventWrite(
    ActorId Actor, string Name, DateTimeOffset At, ReadOnlyMemory<byte> Payload, bool Replayed, string Channels = "")
{
    /// <summary>By what it is counted beside its name; empty for most. Not written.</summary>
    public string Cause { get; init; } = "";
}

/// <summary>A row to insert or replace. Its owner does not change: a row that another actor owns is refused.</summary>
/// <param name="Table">One of the tables that the store was opened with.</param>
/// <param name="Row">The row.</param>
public readonly record struct RowWrite(RowTable Table, Row Row);

/// <summary>A row to delete.</summary>
/// <param name="Table">One of the tables that the store was opened with.</param>
/// <param name="Id">The row's id.</param>
public readonly record struct RowGone(RowTable Table, string Id);

/// <summary>The rows of <see cref="RuntimeTables"/> that one actor owns, except its remembered commands.</summary>
/// <param name="Snapshot">Row of <see cref="RuntimeTables.Snapshot"/>, or null.</param>
/// <param name="Outbox">Rows of <see cref="RuntimeTables.Outbox"/>.</param>
/// <param name="Sent">Rows of <see cref="RuntimeTables.Sent"/>.</param>
/// <param name="Received">Rows of <see cref="RuntimeTables.Received"/>.</param>
/// <param name="Timers">Rows of <see cref="RuntimeTables.Timer"/>.</param>
public sealed record ActorImage(
    Row? Snapshot,
    IReadOnlyList<Row> Outbox,
    IReadOnlyList<Row> Sent,
    IReadOnlyList<Row> Received,
    IReadOnlyList<Row> Timers);
