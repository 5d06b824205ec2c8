using AgentCluster.TestKit.Simulation;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Simulation.Runs;

/// <summary>A node's log, told with the simulated time; and its bugs, which fail a run wherever they are caught.</summary>
internal sealed class NodeLog(string name, Func<TimeSpan> now, FaultPlan plan, Action<TimeSpan, string>? tell, Action<ViolationException> fail) : ILogger
{
    // What a node says when a behavior or the runtime threw: nothing that the simulation does on purpose leads to these.
    private static readonly int[] Bugs = [1000, 1104, 1200, 1201, 1202, 1203, 1205, 1301, 1506];

    // What it says of an actor whose events it cannot read.
    private static readonly int[] OfTornEvents = [1202, 1203];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        tell?.Invoke(now(), $"{name} {logLevel}: {line} {exception}");
        if (Bugs.Contains(eventId.Id) && !(plan.On.Contains(Fault.TornEvent) && OfTornEvents.Contains(eventId.Id)))
        {
            fail(new ViolationException("S0 bug", $"{line}: {exception}"));
        }
    }
}
