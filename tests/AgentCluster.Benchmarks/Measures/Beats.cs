using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Ten thousand registered agents that beat every ten seconds, as commands in process, on a whole node that has nothing else to do.</summary>
internal sealed class Beats : IMeasure
{
    private const int Agents = 10_000;
    private const int BeatsASecond = Agents / 10;
    private const int Turns = 4;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public string Name => "beats";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            await using var node = await RunningNode.StartAsync(folder.FullName);
            await Parallel.ForEachAsync(Enumerable.Range(0, Agents), async (number, cancellationToken) => await node.Actors.AskAsync(
                Agent(number),
                new AgentCommand.RegisterAgent(new() { Name = $"Agent {number}", Capabilities = ["csharp"] }, Rotate: false),
                null,
                cancellationToken));
            await BeatAsync(node, Turn);

            List<double> cores = [], mebibytes = [];
            var rows = Rows(folder.FullName);
            for (var turn = 0; turn < Turns; turn++)
            {
                cores.Add(100 * await BeatAsync(node, Turn));
                mebibytes.Add(Environment.WorkingSet / 1024.0 / 1024.0);
                say(FormattableString.Invariant($"turn {turn}: {cores[^1]:0.00} % of a core, {mebibytes[^1]:0} MiB"));
            }

            return
            [
                Figure.BesideNumber("10,000 agents beating every 10 s", cores, "% of a core", 5, atMost: true),
                Figure.BesideNumber("memory of that process", mebibytes, "MiB", 300, atMost: true),
                new("journal rows that the beats wrote", Spread.Of([Rows(folder.FullName) - rows]), "rows", "asked for: none", Spread.Of([Rows(folder.FullName) - rows]), Target.AtMost(0)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ActorId Agent(int number) => Kinds.AgentOf(new($"agent-{number:00000}"));

    /// <summary>Beats evenly.</summary>
    /// <returns>Cores used meanwhile, those of the caller included.</returns>
    private static async Task<double> BeatAsync(RunningNode node, TimeSpan during)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        var sent = 0;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Stopwatch.GetElapsedTime(began) < during)
        {
            await ticks.WaitForNextTickAsync();
            for (var due = BeatsASecond * Stopwatch.GetElapsedTime(began).TotalSeconds; sent < due; sent++)
            {
                await node.Actors.AskAsync(Agent(sent % Agents), new AgentCommand.Heartbeat(), null, CancellationToken.None);
            }
        }

        return (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(began);
    }

    private static long Rows(string path)
    {
        using var db = new RawSqlite(Path.Combine(path, SqliteStore.FileName));
        return long.Parse(Encoding.UTF8.GetString(db.Read("SELECT CAST(count(*) AS TEXT) FROM event")[0]), CultureInfo.InvariantCulture);
    }
}
