namespace AgentCluster.Actors;

/// <summary>
/// Rows that are computed from the journal of all shards, in the background: what one event does to them. Pure, and the
/// same whatever the order among shards: from the start of the journal it always gives the same rows.
/// </summary>
public interface IProjection
{
    /// <summary>The rows that <see cref="Fold"/> of an event may look for.</summary>
    /// <param name="happened">Of the journal.</param>
    IEnumerable<RowKey> Reads(StoredEvent happened);

    /// <summary>Takes one event into the rows. Events that do not concern it are passed over.</summary>
    /// <param name="happened">Of the journal; those of a shard in order.</param>
    /// <param name="rows">As after the event before.</param>
    void Fold(StoredEvent happened, IProjectedRows rows);
}

/// <summary>The rows of projections while events are folded into them.</summary>
public interface IProjectedRows
{
    /// <summary>A row; null when there is none.</summary>
    /// <param name="key">One that the event reads.</param>
    Row? Find(RowKey key);

    /// <summary>Writes a row.</summary>
    /// <param name="table">One of the projection's.</param>
    /// <param name="id">The row's id.</param>
    /// <param name="columns">In the table's order.</param>
    /// <param name="payload">Its state.</param>
    void Put(RowTable table, string id, IReadOnlyList<RowValue> columns, ReadOnlyMemory<byte> payload);

    /// <summary>Deletes a row, if there is one.</summary>
    /// <param name="table">One of the projection's.</param>
    /// <param name="id">The row's id.</param>
    void Remove(RowTable table, string id);
}

/// <summary>How far this node's projections are.</summary>
public interface IProjections
{
    /// <summary>Waits until everything up to a cursor is in the rows: then a read shows what was answered before it.</summary>
    /// <param name="cursor">Of a head of the journal.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">They are too far behind to wait for.</exception>
    ValueTask ReachAsync(JournalCursor cursor, CancellationToken cancellationToken);
}
