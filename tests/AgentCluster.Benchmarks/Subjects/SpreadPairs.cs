using System.Diagnostics;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete, each pair of the next project, so that callers go round all of them. The node ends with it.</summary>
internal sealed class SpreadPairs : Floors.ISubject
{
    private readonly NodePairs _pairs;
    private readonly int _projects;
    private int _next;

    private SpreadPairs(NodePairs pairs, int projects) => (_pairs, _projects) = (pairs, projects);

    /// <summary>Has every registry recovered first: how long that takes is not what is measured.</summary>
    /// <param name="node">With ready tasks.</param>
    /// <param name="projects">How many.</param>
    public static async Task<SpreadPairs> StartAsync(RunningNode node, int projects)
    {
        var spread = new SpreadPairs(new(node, projects), projects);
        await Task.WhenAll(Enumerable.Range(0, projects).Select(project => spread.DoAsync(project).AsTask()));
        return spread;
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        var project = (int)((uint)Interlocked.Increment(ref _next) % (uint)_projects);
        var (task, token) = await _pairs.ClaimAsync(project);
        var claimed = Stopwatch.GetTimestamp();
        await _pairs.CompleteAsync(project, task, token, null);
        return claimed;
    }

    public ValueTask DisposeAsync() => _pairs.DisposeAsync();
}
