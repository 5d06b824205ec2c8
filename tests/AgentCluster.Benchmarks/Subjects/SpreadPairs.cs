using System.Diagnostics;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete, each pair of the next project, so that callers go round all of them. The node ends with it.</summary>
/// <param name="pairs">Of as many projects as callers are told.</param>
/// <param name="projects">How many.</param>
internal sealed class SpreadPairs(NodePairs pairs, int projects) : Floors.ISubject
{
    private int _next;

    public async ValueTask<long> DoAsync(int caller)
    {
        var project = (int)((uint)Interlocked.Increment(ref _next) % (uint)projects);
        var (task, token) = await pairs.ClaimAsync(project);
        var claimed = Stopwatch.GetTimestamp();
        await pairs.CompleteAsync(project, task, token, null);
        return claimed;
    }

    public ValueTask DisposeAsync() => pairs.DisposeAsync();
}
