namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// A process's clocks: a monotonic one that runs a little too fast or too slow, and a wall clock that can jump. Its
/// timers ring as work of the process, so a frozen process hears them late and a dead one never.
/// </summary>
/// <param name="world">True time.</param>
/// <param name="process">Whose clocks.</param>
/// <param name="rate">Seconds on this clock in one true second; greater than zero.</param>
public sealed class DriftingClock(VirtualClock world, SimulatedProcess process, double rate) : TimeProvider
{
    /// <summary>How far the wall clock is off, besides its drift.</summary>
    public TimeSpan WallOffset { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + WallOffset;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(world.GetTimestamp() * rate);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProcessTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan True(TimeSpan here) =>
        here == Timeout.InfiniteTimeSpan || here == TimeSpan.Zero ? here : TimeSpan.FromTicks((long)Math.Ceiling(here.Ticks / rate));

    private sealed class ProcessTimer : ITimer
    {
        private readonly DriftingClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _inner;
        private long _setting;
        private bool _disposed;

        public ProcessTimer(DriftingClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _inner = clock.World.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _setting++;
            return _inner.Change(_clock.True(dueTime), _clock.True(period));
        }

        public void Dispose()
        {
            _disposed = true;
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring()
        {
            if (_clock.Process.IsDead)
            {
                Dispose();
                return;
            }

            var setting = _setting;
            _ = _clock.Process.Start(() =>
            {
                // Set anew or given up between the ringing and the hearing: as if it had not rung.
                if (!_disposed && setting == _setting)
                {
                    _callback(_state);
                }

                return Task.CompletedTask;
            });
        }
    }

    private VirtualClock World => world;

    private SimulatedProcess Process => process;
}
