using System.Diagnostics;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>The program itself, from its start on an empty data directory to the line that says it is ready.</summary>
internal sealed class StartTime : IMeasure
{
    private const int Turns = 5;

    public string Name => "start";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        List<double> seconds = [];
        for (var round = 0; round <= Turns; round++)
        {
            var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
            try
            {
                var took = await StartAsync(folder.FullName);
                say(FormattableString.Invariant($"round {round}: {took:0.000} s"));
                if (round > 0)
                {
                    seconds.Add(took);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        return [Figure.BesideNumber("start to ready, empty data", seconds, "s", 1, atMost: true)];
    }

    private static async Task<double> StartAsync(string data)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "AgentCluster.Node.exe" : "AgentCluster.Node");
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, ["--data", data, "--http", "127.0.0.1:0"]) { RedirectStandardOutput = true })!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync();
            return line?.StartsWith("AgentCluster is ready", StringComparison.Ordinal) == true
                ? Stopwatch.GetElapsedTime(began).TotalSeconds
                : throw new InvalidOperationException($"Expected a node that says it is ready, found '{line}'.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
