using AgentCluster.TestKit.Simulation;
using Microsoft.Extensions.Logging;

namespace AgentCluster.TestKit.Probes;

/// <summary>A node's log as a test sees it: the newest 10,000 lines, with the simulated time.</summary>
/// <param name="world">Whose clock it reads.</param>
public sealed class TestLog(World world) : ILogger
{
    private const int Capacity = 10_000;
    private readonly Queue<LogLine> _lines = new();
    private Action<LogLine>? _heard;

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new LogLine(world.Clock.Elapsed, logLevel, eventId.Id, formatter(state, exception), exception);
        if (_lines.Count == Capacity)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(line);
        _heard?.Invoke(line);
    }

    internal Action Listen(Action<LogLine> heard)
    {
        _heard += heard;
        return () => _heard -= heard;
    }
}

/// <summary>One line of a log.</summary>
/// <param name="At">Simulated time.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="EventId">Which line of the program.</param>
/// <param name="Text">As formatted.</param>
/// <param name="Error">What came with it; null for most.</param>
public sealed record LogLine(TimeSpan At, LogLevel Level, int EventId, string Text, Exception? Error)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At:c} {Level} {EventId}: {Text}{(Error is null ? "" : $" ({Error.GetType().Name}: {Error.Message})")}";
}
