using System.Diagnostics;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// From the start of a node to its first claim, with 10,000 open tasks in a project: a million completed ones in its
/// history against a hundred thousand.
/// </summary>
internal sealed class RecoveryTime : IMeasure
{
    private const int Open = 10_000;
    private const int Short = 100_000;
    private const int Long = 1_000_000;
    private const int Turns = 5;
    private static readonly string Project = Template.ProjectOf(0);

    public string Name => "recovery";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var root = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            var (few, many) = (root.CreateSubdirectory("short").FullName, root.CreateSubdirectory("long").FullName);
            await FillAsync(few, many);
            List<double> after100K = [], after1M = [];
            for (var round = 0; round <= Turns; round++)
            {
                var (one, other) = (await RecoverAsync(few), await RecoverAsync(many));
                say(FormattableString.Invariant($"round {round}: {one:0.000} s after 100,000, {other:0.000} s after 1,000,000"));
                if (round > 0)
                {
                    after100K.Add(one);
                    after1M.Add(other);
                }
            }

            const string measure = "start to first claim, 10,000 open, 1,000,000 in history";
            return
            [
                Figure.Beside(measure, after1M, "s", "100,000 in history", after100K, Target.AtMost(1.2)),
                Figure.BesideNumber(measure, after1M, "s", 1.5, atMost: true),
            ];
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string few, string many)
    {
        await using (var node = await RunningNode.StartAsync(few))
        {
            await Template.FillAsync(node, Project, Open + 1);
            await new NodePairs(node).DoAsync(0);
        }

        using (var db = new RawSqlite(Path.Combine(few, SqliteStore.FileName)))
        {
            Multiplied.History(db, Project, 0, Short);
        }

        foreach (var file in Directory.EnumerateFiles(few))
        {
            File.Copy(file, Path.Combine(many, Path.GetFileName(file)));
        }

        using var more = new RawSqlite(Path.Combine(many, SqliteStore.FileName));
        Multiplied.History(more, Project, Short, Long - Short);
    }

    private static async Task<double> RecoverAsync(string path)
    {
        var began = Stopwatch.GetTimestamp();
        await using var node = await RunningNode.StartAsync(path);
        await new NodePairs(node).ClaimAsync(0);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
