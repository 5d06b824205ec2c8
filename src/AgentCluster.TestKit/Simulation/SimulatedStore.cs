using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// A store as a process sees it: a request leg, one atomic moment, a reply leg, each of which the seed may delay or lose.
/// What has been sent takes effect whether or not its sender still lives.
/// </summary>
/// <param name="database">What all processes share.</param>
/// <param name="process">Who calls.</param>
public sealed class SimulatedStore(SimulatedDatabase database, SimulatedProcess process) : IStore
{
    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new(new CommitResult(CommitOutcome.Failed, [], "Cancelled before it was sent."))
            : new(database.CommitAsync(process, batches));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken) =>
        new(database.AcquireAsync(process, shards, owner));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await database.MemberAsync(process, async ValueTask<bool> (data) =>
        {
            await data.ReleaseAsync(held, CancellationToken.None);
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken) =>
        new(database.SettleAsync(process, shard));

    /// <inheritdoc/>
    public async ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) =>
        database.Faults.Damage(await database.CallAsync(process, data => data.LoadAsync(actor, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.ReadEventsAsync(shard, after, limit, CancellationToken.None)));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken) => database.Faults.Damage(
        await database.CallAsync(process, data => data.ReadActorEventsAsync(actor, shard, after, limit, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.ReadHeadAsync(CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.ReadJournalAsync(after, upTo, limit, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.ReadPlacesAsync(places, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken) =>
        new(database.ProjectAsync(process, batch));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.OwnersAsync(query, shards, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        new(database.ChangeAsync(process, data => data.ForgetCommandsAsync(before, limit, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.ReadAsync(table, ids, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken) =>
        new(database.CallAsync(process, data => data.QueryAsync(query, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
