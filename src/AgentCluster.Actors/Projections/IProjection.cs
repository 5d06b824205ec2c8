namespace AgentCluster.Actors;

/// <summary>
/// Rows that are computed from the journal of all shards, in the background: what one event does to them. Pure, and the
/// same whatever the order among shards: from the start of the journal it always gives the same rows.
/// </summary>
public interface IProjection
{
    /// <summary>What an event does; null when it does not concern this projection.</summary>
    /// <param name="happened">Of the journal; those of a shard in order.</param>
    Folding? Take(StoredEvent happened);
}

/// <summary>What one event does to the rows of a projection.</summary>
/// <param name="Reads">The rows that it looks for.</param>
/// <param name="Replaces">The rows that it writes without looking at them.</param>
/// <param name="Fold">Does it: to the rows as they are after the event before.</param>
public sealed record Folding(IReadOnlyList<RowKey> Reads, IReadOnlyList<RowKey> Replaces, Action<IProjectedRows> Fold);

/// <summary>The rows of projections while events are folded into them. What a row is, is written once a page, whatever number of events changed it.</summary>
public interface IProjectedRows
{
    /// <summary>What a row is; null when there is none.</summary>
    /// <typeparam name="T">The same for all rows of the table.</typeparam>
    /// <param name="key">One that the event reads, or that an event before it wrote.</param>
    /// <param name="read">Reads a row as it was written.</param>
    T? Find<T>(RowKey key, Func<Row, T> read)
        where T : class;

    /// <summary>Writes a row.</summary>
    /// <typeparam name="T">The same for all rows of the table.</typeparam>
    /// <param name="table">One of the projection's.</param>
    /// <param name="id">The row's id.</param>
    /// <param name="value">What it is.</param>
    /// <param name="write">Its columns, in the table's order, and its state.</param>
    void Put<T>(RowTable table, string id, T value, Func<T, (IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload)> write)
        where T : class;

    /// <summary>Deletes a row.</summary>
    /// <param name="table">One of the projection's.</param>
    /// <param name="id">The row's id; one that the event reads.</param>
    void Remove(RowTable table, string id);
}

/// <summary>How far this node's projections are.</summary>
public interface IProjections
{
    /// <summary>Waits until everything up to the journal's end is in the rows: then a read shows what was answered before it.</summary>
    /// <param name="head">As it was read; how far the rows were in another generation says nothing of this one.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">They are too far behind to wait for.</exception>
    ValueTask ReachAsync(JournalHead head, CancellationToken cancellationToken);
}
