using System.Diagnostics;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Callers that each do one pair after the other, together a given number.</summary>
internal static class ClosedLoop
{
    /// <returns>Pairs a second.</returns>
    public static async Task<double> RateAsync(ISubject subject, int callers, int pairs)
    {
        var left = pairs;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await subject.PairAsync(caller);
            }
        })));
        return pairs / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
