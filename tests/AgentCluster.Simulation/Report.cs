using System.Globalization;
using System.Reflection;
using AgentCluster.Simulation.Runs;

namespace AgentCluster.Simulation;

/// <summary>What is printed of a run that failed.</summary>
internal static class Report
{
    private const string Program = "dotnet run -c Release --project tests/AgentCluster.Simulation --";

    /// <summary>The commit that was built, as the compiler was told; "unknown" outside of a repository.</summary>
    private static readonly string Commit =
        typeof(Report).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: >= 7 } id]
            ? id[..7]
            : "unknown";

    public static string Of(Result failed, Run run, Options options) => string.Create(CultureInfo.InvariantCulture, $"""
        SIM FAILED  {failed.Found!.Message}
          seed={failed.Seed}  commit={Commit}  trace={failed.Trace:x16}  t={failed.Time.TotalSeconds:0.000}s  step={failed.Steps}
          plan: {failed.Plan}
          replay:  {Program} --seed {failed.Seed}{run.Cut}{options.Again} --trace {Math.Max(0, failed.Time.TotalSeconds - 1):0.0}-{failed.Time.TotalSeconds + 0.1:0.0}
        """);

    /// <summary>Makes a failed run smaller, and says how to replay what is left.</summary>
    public static string Minimal(Result failed, Run run, Options options)
    {
        var shrinker = new Shrinker(run);
        var (least, found) = shrinker.Shrink(failed);
        return string.Create(CultureInfo.InvariantCulture, $"""
              minimal: {Program} --seed {failed.Seed}{least.Cut}{options.Again}
                       (found by the shrinker in {shrinker.Runs} runs: t={found.Time.TotalSeconds:0.000}s step={found.Steps}, {found.Plan})
            """);
    }
}
