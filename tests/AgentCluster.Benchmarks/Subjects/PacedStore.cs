using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>A store that takes only so many events a second: a commit's answer comes when its events' share of time is over.</summary>
/// <param name="inner">Does the work.</param>
internal sealed class PacedStore(IStore inner) : IStore
{
    private long _freeAt;

    /// <summary>How many events it takes a second; infinite for no bound.</summary>
    public double EventsPerSecond { get; set; } = double.PositiveInfinity;

    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        var share = (long)(batches.Sum(batch => batch.Events.Count) * Stopwatch.Frequency / EventsPerSecond);
        _freeAt = Math.Max(_freeAt, Stopwatch.GetTimestamp()) + share;
        var result = await inner.CommitAsync(batches, cancellationToken);
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _freeAt);
        if (wait > TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(wait, CancellationToken.None);
        }

        return result;
    }

    public ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken) =>
        inner.AcquireAsync(shards, owner, cancellationToken);

    public ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        inner.ReleaseAsync(held, cancellationToken);

    public ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken) => inner.SettleAsync(shard, cancellationToken);

    public ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) => inner.LoadAsync(actor, cancellationToken);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(int shard, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadEventsAsync(shard, after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadActorEventsAsync(actor, shard, after, limit, cancellationToken);

    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => inner.ReadHeadAsync(cancellationToken);

    public ValueTask<JournalPage> ReadJournalAsync(JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken) =>
        inner.ReadJournalAsync(after, upTo, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken) =>
        inner.ReadPlacesAsync(places, cancellationToken);

    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        inner.OwnersAsync(query, shards, cancellationToken);

    public ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken) => inner.ProjectAsync(batch, cancellationToken);

    public ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        inner.ForgetCommandsAsync(before, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Row>> ReadAsync(RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        inner.ReadAsync(table, ids, cancellationToken);

    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
