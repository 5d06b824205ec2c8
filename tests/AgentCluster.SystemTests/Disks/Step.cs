using System.Text.RegularExpressions;

namespace AgentCluster.SystemTests.Disks;

/// <summary>A call that a node's thread makes on a data file.</summary>
/// <param name="Call">The system call.</param>
/// <param name="File">The ending of the data file's name.</param>
/// <param name="Place">The how many-th of these calls of its thread on this file it is.</param>
internal sealed partial record Step(string Call, string File, int Place)
{
    /// <summary>What a node did that ran with <see cref="Fault.None"/>.</summary>
    /// <param name="data">Its data directory.</param>
    public static IReadOnlyList<Step> Read(string data) =>
    [
        .. System.IO.File.ReadLines(Path.Combine(data, Fault.Log))
            .Select(line => Line().Match(line))
            .Where(match => match.Success)
            .GroupBy(match => (Thread: match.Groups["thread"].Value, Call: match.Groups["call"].Value, File: match.Groups["file"].Value))
            .SelectMany(calls => calls.Select((_, i) => new Step(calls.Key.Call, calls.Key.File, i + 1)))
            .Distinct(),
    ];

    [GeneratedRegex(@"^(?<thread>\d+) +(?<call>\w+)\([^)>]*agentcluster\.db(?<file>-wal|-shm)?[>""]")]
    private static partial Regex Line();
}
