using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Claim-next, and the completion that goes with it, in a project with a million ready tasks against one with a thousand, on one node.</summary>
internal sealed class ReadyTasks : IMeasure
{
    private const int Callers = 32;
    private const int Many = 1_000_000;
    private const int Few = 1_000;
    private const int ATurn = 600;
    private const int Turns = 9;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    public string Name => "ready-tasks";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            await FillAsync(folder.FullName);
            await using var node = await RunningNode.StartAsync(folder.FullName);
            await ReadyAsync(node, say);
            var rounds = new Rounds(say, Most);
            var many = rounds.Add("1,000,000 ready", turn => TurnAsync(node, 0, turn));
            var few = rounds.Add("1,000 ready", turn => TurnAsync(node, 1, turn));
            await rounds.RunAsync(Turns);
            return
            [
                Figure.Beside(
                    "claim-next of 1,000,000 ready tasks, and its completion", Each(many), "µs",
                    "of 1,000", Each(few), Target.AtMost(1.2)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string path)
    {
        await using (var node = await RunningNode.StartAsync(path))
        {
            await Template.FillAsync(node, Template.ProjectOf(0), 1);
            await Template.FillAsync(node, Template.ProjectOf(1), Few);
        }

        using var db = new RawSqlite(Path.Combine(path, SqliteStore.FileName));
        Multiplied.Ready(db, Template.ProjectOf(0), Many);
    }

    /// <summary>A million open tasks are read when the first one is asked for.</summary>
    private static async Task ReadyAsync(RunningNode node, Action<string> say)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await new NodePairs(node).DoAsync(0);
                say(FormattableString.Invariant($"a registry with 1,000,000 open tasks recovered in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
                return;
            }
            catch (ActorUnavailableException recovering)
            {
                say(recovering.Detail);
            }
        }
    }

    private static async Task<Pace> TurnAsync(RunningNode node, int project, TimeSpan turn)
    {
        var pace = await ClosedLoop.RunAsync(new PairsOf(node, project), Callers, turn, ATurn);

        // As many as before, for the next turn.
        await Template.FillAsync(node, Template.ProjectOf(project), ATurn);
        return pace;
    }

    private static double[] Each(IEnumerable<Pace> paces) => [.. paces.Select(pace => 1e6 / pace.Rate)];

    /// <summary>Pairs in one project of a node that outlives it.</summary>
    private sealed class PairsOf(RunningNode node, int project) : ISubject
    {
        private readonly NodePairs _pairs = new(node, projects: 2);

        // Even callers are of the first project, odd ones of the second.
        public ValueTask<long> DoAsync(int caller) => _pairs.DoAsync((2 * caller) + project);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
