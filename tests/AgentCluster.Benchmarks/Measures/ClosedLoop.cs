using System.Diagnostics;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Callers that each do one thing after the other.</summary>
internal static class ClosedLoop
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.2);

    /// <summary>Runs for a while, after a shorter one that does not count.</summary>
    /// <param name="subject">What is asked.</param>
    /// <param name="callers">How many at once.</param>
    /// <param name="during">How long.</param>
    /// <param name="most">How many things there are to do; it ends when they run out.</param>
    public static async Task<Pace> RunAsync(ISubject subject, int callers, TimeSpan during, int most = int.MaxValue)
    {
        await OnceAsync(subject, callers, WarmUp, most / 5);
        Age();
        return await OnceAsync(subject, callers, during, most - (most / 5));
    }

    /// <summary>
    /// What a subject loads when it starts has been in memory for days in one that runs: it is made old, so that no turn pays
    /// for the pauses in which it gets there.
    /// </summary>
    private static void Age()
    {
        for (var generation = 0; generation < GC.MaxGeneration; generation++)
        {
            GC.Collect();
        }
    }

    private static async Task<Pace> OnceAsync(ISubject subject, int callers, TimeSpan during, int most)
    {
        var left = most;
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(during.TotalSeconds * Stopwatch.Frequency);
        var lists = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            List<(long First, long Whole)> took = new(1_024);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var asked = Stopwatch.GetTimestamp();
                if (asked >= end)
                {
                    break;
                }

                var first = await subject.DoAsync(caller);
                took.Add((first - asked, Stopwatch.GetTimestamp() - asked));
            }

            return took;
        })));
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var count = lists.Sum(list => list.Count);
        return new(
            count / elapsed,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count,
            (GC.GetTotalAllocatedBytes() - bytes) / (double)count,
            Micros(lists, took => took.First),
            Micros(lists, took => took.Whole));
    }

    private static double[] Micros(IEnumerable<List<(long First, long Whole)>> lists, Func<(long First, long Whole), long> which)
    {
        double[] micros = [.. lists.SelectMany(list => list).Select(took => which(took) * 1e6 / Stopwatch.Frequency)];
        Array.Sort(micros);
        return micros;
    }
}

/// <summary>What a closed loop came to.</summary>
/// <param name="Rate">Things done a second.</param>
/// <param name="Cpu">What each cost this process, caller included, in µs of a core.</param>
/// <param name="Bytes">What each allocated in this process, caller included.</param>
/// <param name="First">How long the first half of each took, the claim of a pair, in µs, sorted.</param>
/// <param name="Whole">How long each took, in µs, sorted.</param>
internal sealed record Pace(double Rate, double Cpu, double Bytes, double[] First, double[] Whole)
{
    /// <summary>What 99 of 100 stay under.</summary>
    /// <param name="sorted">At least one.</param>
    public static double P99(double[] sorted) => sorted[(int)(sorted.Length * 0.99)];
}
