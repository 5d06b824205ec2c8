using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <summary>One fault of a <see cref="FaultyStore"/>: what it waits for, and what became of it.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;
    private int _used;

    internal Fault(FaultKind kind, int times, Func<IReadOnlyList<StoreBatch>, bool>? when)
    {
        Kind = kind;
        _left = times;
        When = when;
    }

    /// <summary>How often it has happened. A test that sets a fault asserts that it did.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Completes when it happens for the first time.</summary>
    public Task Reached => _reached.Task;

    internal FaultKind Kind { get; }

    internal CommitOutcome Outcome { get; init; }

    internal TimeSpan By { get; init; }

    internal StoreCall? Call { get; init; }

    internal Task Released => _released.Task;

    private Func<IReadOnlyList<StoreBatch>, bool>? When { get; }

    /// <summary>Lets go on what is held by it, now and later.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Ends it: it does not happen again, and what it holds goes on.</summary>
    public void End()
    {
        Interlocked.Exchange(ref _left, 0);
        Release();
    }

    /// <summary>Called under the store's lock.</summary>
    internal bool Takes(StoreCall? call, IReadOnlyList<StoreBatch> batches)
    {
        if (_left == 0 || call != Call || When?.Invoke(batches) == false)
        {
            return false;
        }

        Interlocked.Decrement(ref _left);
        Interlocked.Increment(ref _used);
        _reached.TrySetResult();
        return true;
    }
}

/// <summary>The calls of a store other than commits.</summary>
public enum StoreCall
{
    /// <summary><see cref="IStore.AcquireAsync"/>.</summary>
    Acquire,

    /// <summary><see cref="IStore.ReleaseAsync"/>.</summary>
    Release,

    /// <summary><see cref="IStore.SettleAsync"/>.</summary>
    Settle,

    /// <summary><see cref="IStore.LoadAsync"/>.</summary>
    Load,

    /// <summary><see cref="Actors.IRowReader.ReadAsync"/>.</summary>
    Read,

    /// <summary><see cref="Actors.IRowReader.QueryAsync"/>.</summary>
    Query,

    /// <summary><see cref="IStore.ReadEventsAsync"/>.</summary>
    ReadEvents,

    /// <summary><see cref="IStore.ReadActorEventsAsync"/>.</summary>
    ReadActorEvents,

    /// <summary><see cref="Actors.IJournalReader.ReadHeadAsync"/>.</summary>
    ReadHead,

    /// <summary><see cref="Actors.IJournalReader.ReadJournalAsync"/>.</summary>
    ReadJournal,

    /// <summary><see cref="Actors.IJournalReader.ReadPlacesAsync"/>.</summary>
    ReadPlaces,

    /// <summary><see cref="IStore.ProjectAsync"/>.</summary>
    Project,

    /// <summary><see cref="IStore.OwnersAsync"/>.</summary>
    Owners,

    /// <summary><see cref="IStore.ForgetCommandsAsync"/>.</summary>
    Forget,
}

/// <summary>What a fault does to the call that it meets.</summary>
internal enum FaultKind
{
    /// <summary>Answered without reaching the store.</summary>
    Fail,

    /// <summary>Sent on later.</summary>
    Delay,

    /// <summary>Sent on when the test says so.</summary>
    Hold,

    /// <summary>Sent on, and the answer is lost.</summary>
    LoseAnswer,

    /// <summary>The answer is lost at once; the call takes effect when the test says so.</summary>
    Orphan,
}
