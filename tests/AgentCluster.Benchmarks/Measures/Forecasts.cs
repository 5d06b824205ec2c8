using System.Diagnostics;
using System.Text;
using AgentCluster.Workers.Forecasts;
using AgentCluster.Workers.Git;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// The forecast of 20 worktrees of a repository with 3,000 files, each with commits of its own and uncommitted work, half of it in
/// files that others work on: all 210 verdicts from nothing, and again after one file changed in one worktree.
/// </summary>
internal sealed class Forecasts : IMeasure
{
    private const int Copies = 20;
    private const int Files = 3_000;
    private const int Turns = 5;

    public string Name => "forecast";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            var watched = Make(folder.FullName);
            List<double> whole = [], one = [];
            using var git = new GitRunner(GitProgram.Find() ?? throw new InvalidOperationException("Expected git on the path, found none."), new(), TimeProvider.System);
            for (var round = 0; round <= Turns; round++)
            {
                using var matrix = new ForecastMatrix(git, Path.Combine(folder.FullName, $"benches{round}"), new(), []);
                var first = await TimeAsync(matrix, watched);
                await File.AppendAllTextAsync(Path.Combine(watched[round].Path, "d0/f0"), $"{round}\n");
                var second = await TimeAsync(matrix, watched);
                say(FormattableString.Invariant($"round {round}: {first:0.000} s, {second:0.000} s"));
                if (round > 0)
                {
                    whole.Add(first);
                    one.Add(second);
                }
            }

            return
            [
                Figure.BesideNumber("forecast of 20 worktrees, 3,000 files, from nothing", whole, "s", 10, atMost: true),
                Figure.BesideNumber("the same after one file changed in one of them", one, "s", 1, atMost: true),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> TimeAsync(ForecastMatrix matrix, IReadOnlyList<WatchedCopy> watched)
    {
        var began = Stopwatch.GetTimestamp();
        await matrix.SweepAsync(watched, CancellationToken.None);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static List<WatchedCopy> Make(string folder)
    {
        var script = new StringBuilder($"""
            set -e; export GIT_AUTHOR_NAME=b GIT_AUTHOR_EMAIL=b@localhost GIT_COMMITTER_NAME=b GIT_COMMITTER_EMAIL=b@localhost HOME={folder} GIT_CONFIG_NOSYSTEM=1
            git init -q -b main main; cd main
            for d in $(seq 0 {(Files / 100) - 1}); do mkdir d$d; for f in $(seq 0 99); do seq $d $((d + 60)) >d$d/f$f; done; done
            git add -A; git commit -qm base

            """);
        for (var copy = 0; copy < Copies; copy++)
        {
            // Its own folder is committed; the folder that it shares with its neighbours is not.
            script.Append(FormattableString.Invariant($"git worktree add -q -b w{copy} ../w{copy} main; sed -i 3s/.*/{copy}/ ../w{copy}/d{copy}/f*; git -C ../w{copy} commit -qam w{copy}; sed -i 5s/.*/{copy}/ ../w{copy}/d{20 + (copy / 4)}/f1*; echo {copy} >../w{copy}/new{copy / 2}\n"));
        }

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script.ToString()]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        return shell.ExitCode == 0
            ? [.. Enumerable.Range(0, Copies).Select(copy => new WatchedCopy($"w{copy}", Path.Combine(folder, $"w{copy}"), "main"))]
            : throw new InvalidOperationException($"Expected a repository to measure with, found exit code {shell.ExitCode}.");
    }
}
