using System.Collections.Concurrent;
using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Storage;

/// <summary>
/// The store of a simulated process, for tests that are not simulated: they call it from any thread, and each call runs
/// on its world's one thread, side by side with the others that are under way.
/// </summary>
internal sealed partial class WorldStore : IStore
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);
    private readonly BlockingCollection<Func<SimulatedStore, SimulatedMembers, Task>> _calls = [];
    private readonly Task _world;

    public WorldStore(FaultPlan faults) => _world = Task.Factory.StartNew(
        () => World.Run(world => ServeAsync(world, faults)),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken) =>
        CallAsync(store => store.CommitAsync(batches, cancellationToken));

    public ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken) =>
        CallAsync(store => store.AcquireAsync(shards, owner, cancellationToken));

    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await CallAsync(async ValueTask<bool> (store) =>
        {
            await store.ReleaseAsync(held, cancellationToken);
            return true;
        });

    public ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken) =>
        CallAsync(store => store.SettleAsync(shard, cancellationToken));

    public ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) =>
        CallAsync(store => store.LoadAsync(actor, cancellationToken));

    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadEventsAsync(shard, after, limit, cancellationToken));

    public ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadActorEventsAsync(actor, shard, after, limit, cancellationToken));

    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadHeadAsync(cancellationToken));

    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadJournalAsync(after, upTo, limit, cancellationToken));

    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadPlacesAsync(places, cancellationToken));

    public ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken) =>
        CallAsync(store => store.ProjectAsync(batch, cancellationToken));

    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        CallAsync(store => store.OwnersAsync(query, shards, cancellationToken));

    public ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        CallAsync(store => store.ForgetCommandsAsync(before, limit, cancellationToken));

    public ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        CallAsync(store => store.ReadAsync(table, ids, cancellationToken));

    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryAsync(query, cancellationToken));

    /// <summary>Ends the world; what went wrong in it fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        _calls.CompleteAdding();
        await _world;
        _calls.Dispose();
    }

    private ValueTask<T> CallAsync<T>(Func<IStore, ValueTask<T>> call) => CallAsync((store, _) => call(store));

    private async ValueTask<T> CallAsync<T>(Func<IStore, IMembers, ValueTask<T>> call)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(async (store, members) =>
        {
            try
            {
                answer.SetResult(await call(store, members));
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        });
        await await Task.WhenAny(answer.Task, _world);
        return await answer.Task;
    }

    /// <summary>While something is under way simulated time passes; else the world waits for the next call.</summary>
    private async Task ServeAsync(World world, FaultPlan faults)
    {
        var process = new SimulatedProcess(world, 1);
        var database = new SimulatedDatabase(world, [], faults, new());
        var (store, members) = (new SimulatedStore(database, process), new SimulatedMembers(database, process));
        List<Task> underWay = [];
        while (!_calls.IsCompleted || underWay.Count > 0)
        {
            if (_calls.TryTake(out var call, underWay.Count == 0 ? Timeout.Infinite : 0))
            {
                underWay.Add(process.Start(() => call(store, members)));
            }
            else
            {
                await world.Pass(BetweenLooks);
                underWay.RemoveAll(task => task.IsCompleted);
            }
        }
    }
}
