namespace AgentCluster.Runtime.Lanes;

/// <summary>
/// A lane's timers, on the monotonic clock. Setting and cancelling cost a heap insertion and a mark; cancelled ones are
/// swept out when they are the majority, so a lease that is given back at once costs no memory until its end.
/// </summary>
internal sealed class LaneTimers
{
    private const int SweepFrom = 1_024;

    private readonly PriorityQueue<LaneTimer, (long Due, long Order)> _queue = new();
    private readonly Lane _lane;
    private readonly TimeProvider _clock;
    private readonly ITimer _wake;
    private readonly LaneAction _fire;
    private long _order;
    private long _wakeAt = long.MaxValue;
    private int _cancelled;

    public LaneTimers(Lane lane, TimeProvider clock)
    {
        _lane = lane;
        _clock = clock;
        _fire = new(FireDue);
        _wake = clock.CreateTimer(
            static self => ((LaneTimers)self!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many are set; from any thread, and then about.</summary>
    public int Count => Math.Max(0, _queue.Count - _cancelled);

    /// <summary>Runs <paramref name="action"/> on the lane after <paramref name="after"/>; tells it how late it is.</summary>
    public LaneTimer Set(TimeSpan after, Action<TimeSpan> action) => Set(after, action, static (action, late) => action(late));

    /// <summary>The same for many timers of one kind, which share the action and differ in <paramref name="about"/>.</summary>
    public LaneTimer Set<T>(TimeSpan after, T about, Action<T, TimeSpan> action)
        where T : class
    {
        var due = _clock.GetTimestamp() + Ticks(after);
        var timer = new LaneTimer<T>(this, due, about, action);
        _queue.Enqueue(timer, (due, _order++));
        if (due < _wakeAt)
        {
            WakeAt(due);
        }

        return timer;
    }

    public void Stop() => _wake.Dispose();

    internal void Forget()
    {
        if (++_cancelled < SweepFrom || _cancelled < _queue.Count / 2)
        {
            return;
        }

        var live = _queue.UnorderedItems.Where(item => !item.Element.Cancelled).ToArray();
        _queue.Clear();
        _queue.EnqueueRange(live);
        _cancelled = 0;
    }

    private void Ring() => _lane.Post(_fire);

    private void FireDue()
    {
        _wakeAt = long.MaxValue;
        var now = _clock.GetTimestamp();
        while (_queue.TryPeek(out var timer, out var at) && at.Due <= now)
        {
            _queue.Dequeue();
            if (timer.Cancelled)
            {
                _cancelled--;
                continue;
            }

            timer.Fired();
            timer.Run(_clock.GetElapsedTime(at.Due, now));
        }

        if (_queue.TryPeek(out _, out var next) && next.Due < _wakeAt)
        {
            WakeAt(next.Due);
        }
    }

    private void WakeAt(long due)
    {
        _wakeAt = due;
        var wait = _clock.GetElapsedTime(_clock.GetTimestamp(), due);
        // Timers of the BCL count whole milliseconds and round down: one more, or it would ring early and spin.
        _wake.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);
}

/// <summary>One timer of a lane.</summary>
internal abstract class LaneTimer(LaneTimers timers, long due)
{
    private bool _fired;

    public long Due { get; } = due;

    public bool Cancelled { get; private set; }

    public void Cancel()
    {
        if (!Cancelled && !_fired)
        {
            Cancelled = true;
            timers.Forget();
        }
    }

    public void Fired() => _fired = true;

    public abstract void Run(TimeSpan late);
}

internal sealed class LaneTimer<T>(LaneTimers timers, long due, T about, Action<T, TimeSpan> action) : LaneTimer(timers, due)
{
    public override void Run(TimeSpan late) => action(about, late);
}
