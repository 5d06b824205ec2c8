using System.Diagnostics;

namespace AgentCluster.SystemTests.Nodes;

/// <summary>A program that ran to its end.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    public static async Task<ProgramRun> OfAsync(string program, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Started as a user would from an empty environment: nothing set for the tests' own process reaches it, and its temporary files go when these tests end.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AGENTCLUSTER_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["TMPDIR"] = Leftovers.Path;

        // What is collected for a better compilation later pays for itself in minutes, and most of what is started here lives for seconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}
