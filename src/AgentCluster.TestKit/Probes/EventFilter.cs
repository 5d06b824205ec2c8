using AgentCluster.TestKit.Simulation;
using Microsoft.Extensions.Logging;

namespace AgentCluster.TestKit.Probes;

/// <summary>Expects lines of a node's log: <c>EventFilter.Error("quarantined").ExpectOneAsync(…)</c>.</summary>
/// <param name="world">Where it waits.</param>
/// <param name="log">The node's.</param>
public sealed class EventFilter(World world, TestLog log)
{
    /// <summary>Lines at <see cref="LogLevel.Error"/> or above.</summary>
    /// <param name="contains">What their text contains.</param>
    public LogExpectation Error(string contains = "") =>
        Lines($"error with '{contains}'", line => line.Level >= LogLevel.Error && Has(line, contains));

    /// <summary>Lines at <see cref="LogLevel.Warning"/>.</summary>
    /// <param name="contains">What their text contains.</param>
    public LogExpectation Warning(string contains = "") =>
        Lines($"warning with '{contains}'", line => line.Level == LogLevel.Warning && Has(line, contains));

    /// <summary>Lines at <see cref="LogLevel.Information"/>.</summary>
    /// <param name="contains">What their text contains.</param>
    public LogExpectation Info(string contains = "") =>
        Lines($"info with '{contains}'", line => line.Level == LogLevel.Information && Has(line, contains));

    /// <summary>Lines that came with an exception.</summary>
    /// <typeparam name="TError">The exception's type, or one that it derives from.</typeparam>
    /// <param name="contains">What the exception's message contains.</param>
    public LogExpectation Exception<TError>(string contains = "")
        where TError : Exception =>
        Lines($"{typeof(TError).Name} with '{contains}'", line =>
            line.Error is TError error && error.Message.Contains(contains, StringComparison.Ordinal));

    private LogExpectation Lines(string what, Predicate<LogLine> matches) => new(world, log, what, matches);

    private static bool Has(LogLine line, string contains) => line.Text.Contains(contains, StringComparison.Ordinal);
}

/// <summary>Lines that are expected while something is done.</summary>
public sealed class LogExpectation
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private readonly World _world;
    private readonly TestLog _log;
    private readonly string _what;
    private readonly Predicate<LogLine> _matches;

    internal LogExpectation(World world, TestLog log, string what, Predicate<LogLine> matches) =>
        (_world, _log, _what, _matches) = (world, log, what, matches);

    /// <summary>Exactly one line is written.</summary>
    /// <inheritdoc cref="ExpectAsync"/>
    public async Task<LogLine> ExpectOneAsync(Func<Task> action, TimeSpan? timeout = null) => (await ExpectAsync(1, action, timeout))[0];

    /// <summary>Exactly so many lines are written; 0 waits the whole time.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">What leads to them; lines from before it do not count.</param>
    /// <param name="timeout">How long to wait for them after it; null: <see cref="TestProbe.DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">Fewer or more were.</exception>
    public async Task<IReadOnlyList<LogLine>> ExpectAsync(int count, Func<Task> action, TimeSpan? timeout = null)
    {
        List<LogLine> found = [];
        var stop = _log.Listen(line =>
        {
            if (_matches(line))
            {
                found.Add(line);
            }
        });
        try
        {
            await action();
            var until = _world.Clock.Elapsed + (timeout ?? TestProbe.DefaultTimeout);
            while ((count == 0 || found.Count < count) && _world.Clock.Elapsed < until)
            {
                await _world.Pass(LookEvery);
            }
        }
        finally
        {
            stop();
        }

        return found.Count == count
            ? found
            : throw new ExpectationFailedException(
                _world, $"Expected {count} × {_what}, found {found.Count}.", "log, newest first", _log.Lines.Reverse().Select(line => line.ToString()));
    }
}
