using System.Collections.Concurrent;
using AgentCluster.Runtime.Ports;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Lanes;

/// <summary>
/// One logical thread: everything that belongs to its shards happens on it, one piece of work at a time, in the order
/// of arrival. Nothing on a lane waits; what must wait (a commit, a load) comes back as another piece of work.
/// </summary>
internal sealed class Lane : IRunnable
{
    // Long enough that a busy lane seldom goes back to its dispatcher, short enough that lanes share a core.
    private const int WorkPerRun = 256;

    private readonly ConcurrentQueue<LaneWork> _work = new();
    private readonly IDispatcher _dispatcher;
    private readonly ILogger _log;
    private int _dispatched;

    public Lane(int number, IDispatcher dispatcher, TimeProvider clock, ILogger log)
    {
        Number = number;
        _dispatcher = dispatcher;
        _log = log;
        Timers = new(this, clock);
    }

    public int Number { get; }

    public LaneTimers Timers { get; }

    /// <summary>What can be done before it is asked for; called on the lane whenever its work has run out.</summary>
    public LaneWork? Ahead { get; set; }

    /// <summary>Adds work; from any thread.</summary>
    public void Post(LaneWork work)
    {
        _work.Enqueue(work);
        DispatchOnce();
    }

    /// <summary>Adds work, and does it in this thread where the lane rests: one change of threads less. The thread must be one of the dispatcher's.</summary>
    public void PostHere(LaneWork work)
    {
        _work.Enqueue(work);
        if (Interlocked.Exchange(ref _dispatched, 1) == 0)
        {
            Run();
        }
    }

    public void Post(Action action) => Post(new LaneAction(action));

    /// <summary>
    /// Waits for <paramref name="asked"/> without holding the lane, and goes on here with what came of it. The rest of
    /// the runtime has no other way to wait.
    /// </summary>
    public async void Await<T>(ValueTask<T> asked, Action<T?, Exception?> then)
    {
        T? result = default;
        Exception? error = null;
        try
        {
            result = await asked;
        }
#pragma warning disable CA1031 // Whatever the store throws reaches the one who asked, as an outcome.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            error = thrown;
        }

        Post(() => then(result, error));
    }

    public void Run()
    {
        for (var i = 0; i < WorkPerRun && _work.TryDequeue(out var work); i++)
        {
            Run(work);
        }

        if (Ahead is { } ahead && _work.IsEmpty)
        {
            Run(ahead);
        }

        Volatile.Write(ref _dispatched, 0);
        Interlocked.MemoryBarrier();
        if (!_work.IsEmpty)
        {
            DispatchOnce();
        }
    }

    private void Run(LaneWork work)
    {
        try
        {
            work.Run();
        }
#pragma warning disable CA1031 // A bug in the runtime itself must not stop the other shards of this lane.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _log.WorkFailed(Number, work.GetType().Name, bug);
        }
    }

    private void DispatchOnce()
    {
        if (Interlocked.Exchange(ref _dispatched, 1) == 0)
        {
            _dispatcher.Dispatch(this);
        }
    }
}

/// <summary>One piece of work of a lane.</summary>
internal abstract class LaneWork
{
    public abstract void Run();
}

internal sealed class LaneAction(Action action) : LaneWork
{
    public override void Run() => action();
}
