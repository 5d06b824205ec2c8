using AgentCluster.TestKit;

namespace AgentCluster.Tests.TestKit;

public sealed class VirtualClockTests
{
    private readonly VirtualClock _clock = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_then_of_their_making()
    {
        Set("c", 3);
        Set("a1", 1);
        Set("a2", 1);
        Set("late", 4);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["a1@1", "a2@1", "c@3"], _fired);
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(4), _clock.NextDue);
    }

    [Fact]
    public void A_timer_that_is_set_by_one_that_fires_fires_in_the_same_advance()
    {
        using var first = _clock.CreateTimer(_ => Set("second", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["second@2"], _fired);
    }

    [Fact]
    public void A_period_goes_on_until_the_timer_is_disposed()
    {
        var timer = _clock.CreateTimer(_ => Note("tick"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["tick@1", "tick@3", "tick@5"], _fired);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void A_changed_timer_fires_at_its_new_time_only()
    {
        using var timer = _clock.CreateTimer(_ => Note("x"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);

        Assert.True(_clock.AdvanceToNext());
        Assert.False(_clock.AdvanceToNext());

        Assert.Equal(["x@2"], _fired);
    }

    [Fact]
    public async Task Delays_and_both_clocks_follow_it()
    {
        var (now, stamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        var five = TimeSpan.FromMinutes(5);
        var delay = Task.Delay(five, _clock, TestContext.Current.CancellationToken);

        _clock.Advance(five);

        await delay;
        Assert.Equal(five, _clock.GetUtcNow() - now);
        Assert.Equal(five, _clock.GetElapsedTime(stamp));
    }

    private void Set(string name, int seconds) =>
        _ = _clock.CreateTimer(_ => Note(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private void Note(string name) => _fired.Add($"{name}@{_clock.Elapsed.TotalSeconds}");
}
