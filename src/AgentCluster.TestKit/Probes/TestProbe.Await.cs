namespace AgentCluster.TestKit.Probes;

/// <remarks>Waiting for what no message tells.</remarks>
public sealed partial class TestProbe
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);
    private TimeSpan? _end;

    /// <summary>Everything in <paramref name="block"/> happens within a time; words in it that are given none wait for what is left.</summary>
    /// <param name="max">The most it may take.</param>
    /// <param name="block">What happens.</param>
    /// <exception cref="ExpectationFailedException">It took longer.</exception>
    public Task WithinAsync(TimeSpan max, Func<Task> block) => WithinAsync(TimeSpan.Zero, max, block);

    /// <summary>Everything in <paramref name="block"/> happens within a time, and not before another.</summary>
    /// <param name="min">The least it may take.</param>
    /// <param name="max">The most it may take.</param>
    /// <param name="block">What happens.</param>
    /// <exception cref="ExpectationFailedException">It took less, or more.</exception>
    public async Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> block)
    {
        var (started, outer) = (_world.Clock.Elapsed, _end);
        _end = Earlier(started + max, outer ?? TimeSpan.MaxValue);
        try
        {
            await block();
        }
        finally
        {
            _end = outer;
        }

        var took = _world.Clock.Elapsed - started;
        if (took < min || took > max)
        {
            throw Failure(min == TimeSpan.Zero
                ? $"Expected the block to take at most {max:c}, it took {took:c}."
                : $"Expected the block to take {min:c} to {max:c}, it took {took:c}.");
        }
    }

    /// <summary>Tries an assertion until it passes.</summary>
    /// <param name="assertion">Throws when it does not hold.</param>
    /// <param name="max">How long to try; null: see <see cref="DefaultTimeout"/>.</param>
    /// <param name="interval">How long to wait between two tries; null: 100 ms.</param>
    /// <exception cref="ExpectationFailedException">It never passed; the inner exception is what it last threw.</exception>
    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? max = null, TimeSpan? interval = null)
    {
        var (until, started) = (Until(max), _world.Clock.Elapsed);
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
#pragma warning disable CA1031 // Assertion libraries throw what they like.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (_world.Clock.Elapsed >= until)
                {
                    throw Failure($"Expected the assertion to hold within {until - started:c}, it last failed with: {error.Message}", error);
                }
            }

            await PauseAsync(until, interval);
        }
    }

    /// <summary>Tries an assertion until it passes.</summary>
    /// <inheritdoc cref="AwaitAssertAsync(Func{Task},TimeSpan?,TimeSpan?)"/>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? max = null, TimeSpan? interval = null) => AwaitAssertAsync(
        () =>
        {
            assertion();
            return Task.CompletedTask;
        },
        max,
        interval);

    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">What.</param>
    /// <param name="max">How long; null: see <see cref="DefaultTimeout"/>.</param>
    /// <param name="interval">How long to wait between two looks; null: 100 ms.</param>
    /// <exception cref="ExpectationFailedException">It never was.</exception>
    public async Task AwaitConditionAsync(Func<Task<bool>> condition, TimeSpan? max = null, TimeSpan? interval = null)
    {
        var (until, started) = (Until(max), _world.Clock.Elapsed);
        while (!await condition())
        {
            if (_world.Clock.Elapsed >= until)
            {
                throw Failure($"Expected the condition to hold within {until - started:c}, it never did.");
            }

            await PauseAsync(until, interval);
        }
    }

    /// <summary>Waits until something is so.</summary>
    /// <inheritdoc cref="AwaitConditionAsync(Func{Task{bool}},TimeSpan?,TimeSpan?)"/>
    public Task AwaitConditionAsync(Func<bool> condition, TimeSpan? max = null, TimeSpan? interval = null) =>
        AwaitConditionAsync(() => Task.FromResult(condition()), max, interval);

    private Task PauseAsync(TimeSpan until, TimeSpan? interval) =>
        _world.Pass(Earlier(interval ?? DefaultInterval, until - _world.Clock.Elapsed));

    /// <summary>When a word stops waiting. A time that the test names counts, also inside of a <c>WithinAsync</c>.</summary>
    private TimeSpan Until(TimeSpan? timeout) =>
        timeout is { } named ? _world.Clock.Elapsed + named : _end ?? _world.Clock.Elapsed + DefaultTimeout;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
