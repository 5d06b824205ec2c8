using System.Globalization;
using AgentCluster.Actors.Metrics;

namespace AgentCluster.Node.Metrics;

/// <summary>What the process takes of the machine.</summary>
internal static class ProcessMetrics
{
    private static readonly string Version = typeof(ProcessMetrics).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("agentcluster.build.info", "Always 1; the label says which version runs.", ["version"], () => [new([Version], 1)]),
        Metric.Counter("process.cpu", "Processor time that the process has used.", () => Environment.CpuUsage.TotalTime.TotalSeconds) with { Unit = "s" },
        Metric.Gauge("process.resident.memory", "Memory of the machine that the process holds.", () => Environment.WorkingSet) with { Unit = "By" },
        Metric.Gauge("dotnet.gc.heap", "Memory of live objects, and of dead ones not yet found.", () => GC.GetTotalMemory(forceFullCollection: false)) with { Unit = "By" },
        Metric.Counter("dotnet.gc.allocated", "Memory that was ever allocated.", () => GC.GetTotalAllocatedBytes()) with { Unit = "By" },
        Metric.Counter("dotnet.gc.pause", "Time that the process stood still for the collector.", () => GC.GetTotalPauseDuration().TotalSeconds) with { Unit = "s" },
        Metric.Counter("dotnet.gc.collections", "Collections, by generation.", ["generation"], () => Enumerable.Range(0, GC.MaxGeneration + 1)
            .Select(generation => new Sample([generation.ToString(CultureInfo.InvariantCulture)], GC.CollectionCount(generation)))),
        Metric.Gauge("dotnet.thread.pool.threads", "Threads of the pool.", () => ThreadPool.ThreadCount),
        Metric.Gauge("dotnet.thread.pool.queue", "Work that waits for a thread of the pool.", () => ThreadPool.PendingWorkItemCount),
    ];
}
