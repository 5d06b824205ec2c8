using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// Goal: a connection that ends behind a commit, and a database that goes away, lose nothing that was answered, double nothing,
/// and leave no outcome guessed.
/// Method: a node under 64 clients talks to its database through a proxy of ours, which cuts the way back of every so many commits,
/// or is away for a while. In the end everything that the clients were told is held against what is found.
/// </summary>
public sealed partial class LostConnectionTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Project = "lost";
    private const int Seed = 12;
    private CuttingProxy _proxy = null!;
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresServer.DatabaseAsync(TestContext.Current.CancellationToken);
        _proxy = new(int.Parse(PortOf().Match(_database).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Fact(Timeout = 300_000)]
    public async Task A_commit_whose_answer_was_lost_is_settled_and_nothing_is_done_twice()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crew = new Crew(64, Project, Seed);
        await using var nodes = await NodesOnPostgres.StartAsync(_proxy.Through(_database), 1, TimeSpan.FromSeconds(6), cancellation);
        _proxy.CutEvery = 15;

        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await crew.WorkAsync(nodes[0].Address, 4_000, enough.Cancel, enough.Token);
        }

        _proxy.CutEvery = 0;
        output.WriteLine($"{_proxy.Cuts} connections cut, {crew.History.Operations.Count} operations");
        Assert.True(_proxy.Cuts > 10, $"Only {_proxy.Cuts} connections were cut: it proves nothing.");
        Assert.Contains("The answer to a commit", nodes[0].Output, StringComparison.Ordinal);
        Violations.AssertNone(await crew.CheckAsync(nodes[0].Address, cancellation));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_node_is_back_within_five_seconds_of_its_database()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crew = new Crew(64, Project, Seed);
        await using var nodes = await NodesOnPostgres.StartAsync(_proxy.Through(_database), 1, TimeSpan.FromSeconds(6), cancellation);
        using var client = new NodeClient(nodes[0].Address);

        foreach (var away in (int[])[1, 4, 12])
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var working = crew.WorkAsync(nodes[0].Address, 500, GoAway, enough.Token);
            await gone.Task.WaitAsync(cancellation);
            var clock = Stopwatch.StartNew();
            for (; clock.Elapsed < TimeSpan.FromSeconds(away);)
            {
                var refused = await client.GetAsync($"/api/v1/tasks/?project={Project}", cancellation);
                Assert.True(refused.Code == "unavailable" && refused.RetryAfter, refused.ToString());
                await Pause.ForAMomentAsync(cancellation);
            }

            _proxy.Return();
            for (clock.Restart(); (await client.PostAsync("/api/v1/tasks/", $$"""{"title":"back","project":"{{Project}}-back"}""", cancellation)).Code.Length > 0;)
            {
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), "Expected the node to be back 5 s after its database, found it away.");
                await Pause.ForAMomentAsync(cancellation);
            }

            output.WriteLine($"away for {away} s, back after {clock.Elapsed.TotalSeconds:0.0} s");
            await enough.CancelAsync();
            await working;

            void GoAway()
            {
                _proxy.GoAway();
                gone.SetResult();
            }
        }

        Violations.AssertNone(await crew.CheckAsync(nodes[0].Address, cancellation));
    }

    [GeneratedRegex("Port=([0-9]+)")]
    private static partial Regex PortOf();
}
