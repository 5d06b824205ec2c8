namespace AgentCluster.Actors;

/// <summary>
/// Reads the journal of all shards by cursor: committed events only (P1), those of a shard in order and without a gap,
/// whoever wrote them. Never in the way of a write.
/// </summary>
public interface IJournalReader
{
    /// <summary>Where the journal ends now. Nothing that is committed before the call is beyond it.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads on after a cursor. A busy shard does not keep the others out of a page.
    /// </summary>
    /// <param name="after">What was read already.</param>
    /// <param name="upTo">Nothing beyond it is read; null for the end of the journal.</param>
    /// <param name="limit">1 to 10,000 events.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Events shard by shard, oldest first. Fewer than <paramref name="limit"/> may be a page too; only none means that there are no more.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken);

    /// <summary>Reads single events, as an index of them says.</summary>
    /// <param name="places">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Those that exist, in the order asked for.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken);
}

/// <summary>Where the journal ends.</summary>
/// <param name="Generation">Counts restores from a backup: a cursor of another generation may name events that never were.</param>
/// <param name="Cursor">Of all that is committed.</param>
public sealed record JournalHead(int Generation, JournalCursor Cursor);

/// <summary>Some events, read at one moment.</summary>
/// <param name="Generation">Of the journal then.</param>
/// <param name="Events">Shard by shard, oldest first.</param>
public sealed record JournalPage(int Generation, IReadOnlyList<StoredEvent> Events);

/// <summary>Where one event is.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Sequence">Its sequence.</param>
public readonly record struct JournalPlace(int Shard, long Sequence);

/// <summary>Tells that this process has written to the journal: a hint that saves waiting. Other processes write too, so a reader also looks now and then.</summary>
public interface IJournalSignal
{
    /// <summary>Completes after the next commit of this process.</summary>
    Task NextWrite { get; }
}
