using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Load;

/// <summary>Many workers on one project, and what they were told.</summary>
internal sealed class Crew
{
    private readonly Worker[] _workers;
    private readonly Caller _caller;
    private int _answered;

    public Crew(int size, string project, int seed, string name = "agent")
    {
        Project = project;
        _caller = new(History);
        _workers = [.. Enumerable.Range(1, size).Select(number => new Worker(_caller, $"{name}-{number:00}", project, new(seed + number)))];
    }

    public string Project { get; }

    public History History { get; } = new();

    public IReadOnlyCollection<string> Violations => _caller.Violations;

    /// <summary>Works on a node until it is gone, or <paramref name="stop"/> is asked for.</summary>
    /// <param name="address">The node as it is now.</param>
    /// <param name="answers">After how many answers <paramref name="reached"/> is called.</param>
    /// <param name="reached">Called once, on the thread that got the last of them.</param>
    /// <param name="stop">Seen by each worker between two requests.</param>
    public async Task WorkAsync(Uri address, int answers, Action reached, CancellationToken stop)
    {
        _answered = 0;
        using var node = new NodeClient(address);
        await Task.WhenAll(_workers.Select(worker => worker.WorkAsync(node, OnAnswer, stop)));
        _caller.Run++;

        void OnAnswer()
        {
            if (Interlocked.Increment(ref _answered) == answers)
            {
                reached();
            }
        }
    }

    /// <summary>Reads what the node has, and holds it against what was answered.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(Uri address, CancellationToken cancellationToken)
    {
        using var node = new NodeClient(address);
        return [.. Violations, .. HistoryChecker.Check(History.Operations, await FoundTasks.ReadAsync(node, Project, cancellationToken))];
    }
}
