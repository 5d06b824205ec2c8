using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <summary>
/// Any store, whose commits and calls fail on a script. The faults are tried in the order in which they were set; one
/// that matches is used up. Calls that no fault takes go straight through.
/// </summary>
/// <param name="inner">The store behind.</param>
/// <param name="clock">Times the delays.</param>
public sealed class FaultyStore(IStore inner, TimeProvider clock) : IStore
{
    private static readonly IReadOnlyList<StoreBatch> NoBatches = [];

    private readonly Lock _gate = new();
    private readonly List<Fault> _script = [];
    private readonly List<Task> _orphans = [];
    private int _commits;

    /// <summary>How many commits were asked for, whatever became of them.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Commits are answered so, and certainly not written. For <see cref="CommitOutcome.Unknown"/>: the request was lost.</summary>
    /// <param name="outcome">Any but <see cref="CommitOutcome.Done"/>.</param>
    /// <param name="times">How many commits.</param>
    /// <param name="when">Which groups; null for any.</param>
    /// <param name="after">How long the answer takes.</param>
    public Fault FailCommits(
        CommitOutcome outcome, int times = 1, Func<IReadOnlyList<StoreBatch>, bool>? when = null, TimeSpan after = default)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(outcome, CommitOutcome.Done);
        return Add(new(FaultKind.Fail, times, when) { Outcome = outcome, By = after });
    }

    /// <summary>Every group with an event or a row of this actor is refused, as a data error would be, until the fault is ended.</summary>
    /// <param name="actor">Whose writes are refused.</param>
    public Fault RefuseActor(ActorId actor) => FailCommits(CommitOutcome.Refused, int.MaxValue, batches => batches.Any(batch =>
        batch.Events.Any(written => written.Actor == actor) || batch.Rows.Any(written => written.Row.Owner == actor)));

    /// <summary>Commits reach the store late.</summary>
    /// <param name="by">How late.</param>
    /// <param name="times">How many commits.</param>
    /// <param name="when">Which groups; null for any.</param>
    public Fault DelayCommits(TimeSpan by, int times = 1, Func<IReadOnlyList<StoreBatch>, bool>? when = null) =>
        Add(new(FaultKind.Delay, times, when) { By = by });

    /// <summary>A commit waits on its way to the store until <see cref="Fault.Release"/>: it is in flight as long as the test likes.</summary>
    /// <param name="times">How many commits.</param>
    /// <param name="when">Which groups; null for any.</param>
    public Fault HoldCommits(int times = 1, Func<IReadOnlyList<StoreBatch>, bool>? when = null) =>
        Add(new(FaultKind.Hold, times, when));

    /// <summary>Commits are written, and their answers are lost.</summary>
    /// <param name="times">How many commits.</param>
    /// <param name="when">Which groups; null for any.</param>
    public Fault LoseAnswers(int times = 1, Func<IReadOnlyList<StoreBatch>, bool>? when = null) =>
        Add(new(FaultKind.LoseAnswer, times, when));

    /// <summary>The answer is lost at once, and the commit takes effect at <see cref="Fault.Release"/>. Settling waits for that.</summary>
    /// <param name="times">How many commits.</param>
    /// <param name="when">Which groups; null for any.</param>
    public Fault OrphanCommits(int times = 1, Func<IReadOnlyList<StoreBatch>, bool>? when = null) =>
        Add(new(FaultKind.Orphan, times, when));

    /// <summary>Calls throw <see cref="StoreUnavailableException"/> without reaching the store.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="times">How many.</param>
    public Fault FailCalls(StoreCall call, int times = 1) => Add(new(FaultKind.Fail, times, null) { Call = call });

    /// <summary>Calls reach the store, and then throw <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="times">How many.</param>
    public Fault LoseCalls(StoreCall call, int times = 1) => Add(new(FaultKind.LoseAnswer, times, null) { Call = call });

    /// <summary>Calls reach the store late.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="by">How late.</param>
    /// <param name="times">How many.</param>
    public Fault DelayCalls(StoreCall call, TimeSpan by, int times = 1) =>
        Add(new(FaultKind.Delay, times, null) { Call = call, By = by });

    /// <summary>Calls wait on their way to the store until <see cref="Fault.Release"/>.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="times">How many.</param>
    public Fault HoldCalls(StoreCall call, int times = 1) => Add(new(FaultKind.Hold, times, null) { Call = call });

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _commits);
        return Take(null, batches) is { } fault
            ? new(CommitAsync(fault, batches, cancellationToken))
            : inner.CommitAsync(batches, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Acquire, () => inner.AcquireAsync(shards, owner, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await PassAsync(StoreCall.Release, async ValueTask<bool> () =>
        {
            await inner.ReleaseAsync(held, cancellationToken);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken)
    {
        Task[] orphans;
        lock (_gate)
        {
            orphans = [.. _orphans];
        }

        foreach (var orphan in orphans)
        {
            await orphan.WaitAsync(cancellationToken);
        }

        return await PassAsync(StoreCall.Settle, () => inner.SettleAsync(shard, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Load, () => inner.LoadAsync(actor, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.ReadEvents, () => inner.ReadEventsAsync(shard, after, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken) =>
        PassAsync(
            StoreCall.ReadActorEvents,
            () => inner.ReadActorEventsAsync(actor, shard, after, limit, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        PassAsync(StoreCall.ReadHead, () => inner.ReadHeadAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.ReadJournal, () => inner.ReadJournalAsync(after, upTo, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.ReadPlaces, () => inner.ReadPlacesAsync(places, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Project, () => inner.ProjectAsync(batch, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Owners, () => inner.OwnersAsync(query, shards, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Forget, () => inner.ForgetCommandsAsync(before, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Read, () => inner.ReadAsync(table, ids, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken) =>
        PassAsync(StoreCall.Query, () => inner.QueryAsync(query, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Fault Add(Fault fault)
    {
        lock (_gate)
        {
            _script.Add(fault);
        }

        return fault;
    }

    private Fault? Take(StoreCall? call, IReadOnlyList<StoreBatch> batches)
    {
        lock (_gate)
        {
            return _script.Find(fault => fault.Takes(call, batches));
        }
    }

    private async Task<CommitResult> CommitAsync(
        Fault fault, IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        var lost = new CommitResult(CommitOutcome.Unknown, [], "The script lost the answer.");
        switch (fault.Kind)
        {
            case FaultKind.Fail:
                await Task.Delay(fault.By, clock, CancellationToken.None);
                return new(fault.Outcome, [], "The script says so.");

            case FaultKind.Orphan:
                var orphan = LaterAsync(fault, batches);
                lock (_gate)
                {
                    _orphans.Add(orphan);
                }

                return lost;

            default:
                await WaitAsync(fault, CancellationToken.None);
                var result = await inner.CommitAsync(batches, cancellationToken);
                return fault.Kind == FaultKind.LoseAnswer ? lost : result;
        }
    }

    private async Task LaterAsync(Fault fault, IReadOnlyList<StoreBatch> batches)
    {
        await fault.Released;
        await inner.CommitAsync(batches, CancellationToken.None);
    }

    private ValueTask<T> PassAsync<T>(StoreCall call, Func<ValueTask<T>> pass, CancellationToken cancellationToken) =>
        Take(call, NoBatches) is { } fault ? new(CallAsync(call, fault, pass, cancellationToken)) : pass();

    private async Task<T> CallAsync<T>(
        StoreCall call, Fault fault, Func<ValueTask<T>> pass, CancellationToken cancellationToken)
    {
        await WaitAsync(fault, cancellationToken);
        if (fault.Kind == FaultKind.Fail)
        {
            throw new StoreUnavailableException($"The script fails {call}.");
        }

        var answer = await pass();
        return fault.Kind == FaultKind.LoseAnswer
            ? throw new StoreUnavailableException($"The script lost the answer to {call}.")
            : answer;
    }

    private async Task WaitAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.Delay)
        {
            await Task.Delay(fault.By, clock, cancellationToken);
        }
        else if (fault.Kind == FaultKind.Hold)
        {
            await fault.Released.WaitAsync(cancellationToken);
        }
    }
}
