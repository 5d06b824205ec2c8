using System.Diagnostics;
using AgentCluster.Benchmarks.Measures;
using AgentCluster.Benchmarks.Output;

namespace AgentCluster.Benchmarks;

/// <summary>Runs a measure in a process of its own.</summary>
internal static class Apart
{
    /// <summary>Runs this program again for one measure, and reads its figures. Its words go where this one's go.</summary>
    /// <param name="name">The measure's.</param>
    /// <param name="variables">Set for it.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string name, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Apart).Assembly.Location);
        }

        foreach (var argument in new[] { "--only", name, "--json" })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in variables)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return process.ExitCode is 0 or 1 && lines.Length > 0
            ? [.. lines.Select(Report.Read)]
            : [Figure.NotRun(name, $"its process ended with {process.ExitCode} and {lines.Length} lines; run it with --only {name}")];
    }
}
