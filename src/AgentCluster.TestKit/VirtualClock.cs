namespace AgentCluster.TestKit;

/// <summary>
/// A clock that stands still until it is told to move. Timers fire on the thread that moves it, in the order of their
/// due times and, at one moment, in the order in which they were set.
/// </summary>
/// <param name="start">The wall clock's time at the beginning; the monotonic clock starts at 0.</param>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<Alarm> _due = new(Comparer<Alarm>.Create(
        static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Order.CompareTo(b.Order)));

    private long _ticks;
    private long _orders;

    /// <summary>Starts at noon of 1 January 2030.</summary>
    public VirtualClock()
        : this(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Ticks of <see cref="TimeSpan"/>.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Called whenever somebody looks at the clock or sets a timer.</summary>
    internal Action? Guard { get; init; }

    /// <summary>How far the clock has moved.</summary>
    public TimeSpan Elapsed => new(GetTimestamp());

    /// <summary>When the next timer fires, or null when none is set.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _due.Min is { } next ? new(next.Due) : null;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        Guard?.Invoke();
        return Interlocked.Read(ref _ticks);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Guard?.Invoke();
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves on, firing what comes due on the way; also timers that are set by those that fire.</summary>
    /// <param name="by">Zero or more.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetTimestamp() + by.Ticks;
        while (Take(until) is { } alarm)
        {
            alarm.Fire();
        }

        Interlocked.Exchange(ref _ticks, until);
    }

    /// <summary>Moves to the next timer and fires all that are due then. Does nothing when none is set.</summary>
    /// <returns>Whether there was one.</returns>
    public bool AdvanceToNext()
    {
        if (NextDue is not { } due)
        {
            return false;
        }

        Advance(due > Elapsed ? due - Elapsed : TimeSpan.Zero);
        return true;
    }

    /// <summary>Moves on at once: what came due on the way fires late, at the next <see cref="Advance"/>.</summary>
    /// <param name="by">Zero or more.</param>
    public void Leap(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _ticks, by.Ticks);
    }

    private Alarm? Take(long until)
    {
        lock (_gate)
        {
            if (_due.Min is not { } next || next.Due > until)
            {
                return null;
            }

            _due.Remove(next);
            _ticks = Math.Max(_ticks, next.Due);
            next.Again();
            return next;
        }
    }

    private sealed class Alarm(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public long Due { get; private set; }

        public long Order { get; private set; }

        public void Fire() => callback(state);

        /// <summary>Called under the clock's lock.</summary>
        public void Again()
        {
            if (_period > TimeSpan.Zero)
            {
                Set(_period);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._due.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Set(dueTime);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._due.Remove(this);
                _disposed = true;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan after)
        {
            Due = clock._ticks + after.Ticks;
            Order = ++clock._orders;
            clock._due.Add(this);
        }
    }
}
