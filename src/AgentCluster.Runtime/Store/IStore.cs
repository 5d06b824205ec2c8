using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;

namespace AgentCluster.Runtime.Store;

/// <summary>
/// The one durable record: who owns each shard, what every actor has done, and the rows that lists are read from. A
/// batch is a fact once <see cref="CommitAsync"/> says <see cref="CommitOutcome.Done"/>, and not before.
/// </summary>
/// <remarks>
/// All implementations pass one conformance suite. Calls may be made from any thread and may overlap; commits take
/// effect one group at a time. (Kleppmann, "How to do distributed locking", 2016, on why the fence is in the write.)
/// </remarks>
public interface IStore : IRowReader, IJournalReader, IAsyncDisposable
{
    /// <summary>
    /// Makes <paramref name="owner"/> the owner of shards: their epochs grow by one, their sequences and last batch ids
    /// stay. Whoever owned them before is fenced from here on.
    /// </summary>
    /// <param name="shards">Distinct, from 0.</param>
    /// <param name="owner">The random incarnation of the process that asks.</param>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <returns>The leases, in the order asked for.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken);

    /// <summary>Gives shards back: the epoch stays, the owner becomes nobody, and a write of the old owner is fenced.</summary>
    /// <param name="held">
    /// Shards whose batches have all settled, as they are owned; what somebody has acquired since is passed over, also when it
    /// was the same owner: a release that was on its way for long must not take what was acquired after it.
    /// </param>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the batches of a group: each of a shard that is still owned as its batch says, all or nothing; those that
    /// are fenced are passed over and named.
    /// </summary>
    /// <remarks>
    /// The fence is a conditional update of the shard's lease row, matching generation, epoch, owner, sequence and last batch
    /// (a batch of rows alone moves no sequence, and one that arrives late must not be written over what came after it), in
    /// the same transaction as the writes. Rows and events are written as given; a later row of the same key in one
    /// batch does not occur. What a batch refers to must not change afterwards: a store may keep it. Data that
    /// <see cref="StoreRules"/> does not allow, and a row that another actor owns, make the outcome
    /// <see cref="CommitOutcome.Refused"/> for the whole group. Who awaits it may go on on a thread of the store: it hands the
    /// outcome on, and does not block.
    /// </remarks>
    /// <param name="batches">At most one a shard, in shard order.</param>
    /// <param name="cancellationToken">Honoured until the transaction starts; ignored after that.</param>
    /// <returns>What happened. It does not throw: not knowing is an outcome too.</returns>
    ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a shard's lease row after everything that was sent to the store before has ended: how a lost answer to a
    /// commit is settled.
    /// </summary>
    /// <param name="shard">From 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">Not known yet; ask again.</exception>
    ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Reads what an actor is recovered from, as of one moment.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken);

    /// <summary>Reads a shard's events, oldest first.</summary>
    /// <param name="shard">From 0.</param>
    /// <param name="after">The last sequence already known; 0 reads from the start.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads one actor's events after a sequence of its shard, oldest first: those written with <see cref="EventWrite.Replayed"/>.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="after">The sequence of its snapshot, or 0.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The distinct owners, among those in <paramref name="shards"/>, of rows that answer a query, in the order of their addresses: who must be awake.</summary>
    /// <param name="query">Paging and order are ignored.</param>
    /// <param name="shards">Distinct, ascending.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken);

    /// <summary>Writes what a projection made of some events, and its cursor after them: all or nothing.</summary>
    /// <param name="batch">Its rows obey <see cref="StoreRules"/>; one that does not is a bug.</param>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <returns>False, and nothing is written, when another version or another generation of the journal is stored.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; reading the mark tells.</exception>
    ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken);

    /// <summary>Deletes remembered command ids that are older than their retention. Not fenced: an expired id is nobody's.</summary>
    /// <param name="before">UTC; rows of <see cref="RuntimeTables.Command"/> with an earlier <c>at</c> go.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <returns>How many went.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
