using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Crashes;

/// <summary>
/// Goal: kill -9 at any moment loses nothing that was answered, doubles nothing, and gives no token twice.
/// Method: a node under 64 clients without a pause is killed after a random number of answers, with writes under way, and
/// started again on its data; then most clients send again what was not answered, and one thing that was. In the end
/// everything they were ever told is held against what is found.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Seed = 20;
    private static readonly int Kills = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" ? 100 : 20;

    // Broken on purpose: replies sent before their commit; command ids not remembered; tokens that start anew with the process.
    [Fact(Timeout = 600_000)]
    public async Task Nothing_that_was_answered_is_lost_when_the_node_is_killed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(Seed);
        var crew = new Crew(64, "crash", Seed);
        using var data = new DataFolder();

        for (var kill = 1; kill <= Kills; kill++)
        {
            var earlier = Unanswered(crew);
            await using var node = await NodeProcess.StartAsync(data.Path, cancellation);

            await crew.WorkAsync(node.Address, random.Next(64, 1500), node.Kill, cancellation);

            await node.ExitedAsync(cancellation);
            var underWay = Unanswered(crew) - earlier;
            Assert.True(underWay > 0, $"Kill {kill} met no write under way: it proves nothing.");
            output.WriteLine($"kill {kill}: {underWay} writes under way");
        }

        await using var last = await NodeProcess.StartAsync(data.Path, cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await crew.WorkAsync(last.Address, 1000, enough.Cancel, enough.Token);

        output.WriteLine($"{crew.History.Operations.Count} operations");
        Violations.AssertNone(await crew.CheckAsync(last.Address, cancellation));
        Assert.Contains(crew.History.Operations, operation => operation.Granted is not null);
    }

    private static int Unanswered(Crew crew) => crew.History.Operations.Count(operation =>
        operation.Outcome == Outcome.Unknown && operation.Verb != Verb.Progress);
}
