using System.ComponentModel;
using System.Diagnostics;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Claim and complete on a disk whose syncs take 1 ms longer, against hand-written SQL: what group commit is for. The
/// process measures itself again with <c>SlowSync.c</c> loaded before libc.
/// </summary>
internal sealed class SlowSyncs : IMeasure
{
    private const string Slower = "AGENTCLUSTER_SYNC_MICROS";
    private const string Pairs = "claim+complete, 32 callers, syncs 1 ms slower";
    private const int Turns = 5;
    private const int Tasks = 80_000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public string Name => "slow-syncs";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        if (Environment.GetEnvironmentVariable(Slower) is not null)
        {
            return await MeasureAsync(say);
        }

        if (!OperatingSystem.IsLinux())
        {
            return [Figure.NotRun(Pairs, "not run: syncs are slowed by LD_PRELOAD, which Linux has")];
        }

        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            var library = Path.Combine(folder.FullName, "slowsync.so");
            return await CompileAsync(library) is { } why
                ? [Figure.NotRun(Pairs, "not run: " + why)]
                : await Apart.RunAsync(Name, ("LD_PRELOAD", library), (Slower, "1000"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(Tasks);
        var rounds = new Rounds(say, Turn);
        var node = rounds.Add("node", turn => Claims.NodeAsync(template, turn, running => new NodePairs(running)));
        var hand = rounds.Add("S", turn => Claims.HandAsync(template, turn));
        await rounds.RunAsync(Turns);
        return [Figure.Beside(Pairs, node.Rates(), "pairs/s", "S", hand.Rates(), Target.AtLeast(6))];
    }

    private static async Task<string?> CompileAsync(string library)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "SlowSync.c");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]))!;
            await compiler.WaitForExitAsync();
            return compiler.ExitCode == 0 ? null : $"cc ended with {compiler.ExitCode} on {source}";
        }
        catch (Win32Exception missing)
        {
            return $"it needs a C compiler, and 'cc' cannot be started ({missing.Message}); install gcc or clang and run it again";
        }
    }
}
