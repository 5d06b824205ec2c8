using System.Diagnostics;
using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// Goal: whatever becomes of the node that owns a project, nothing that was answered is lost, nothing is done twice, no token is
/// given twice, and another node answers for it within a lease and a little.
/// Method: 64 clients work on one project through nodes that send them to its owner; the owner is killed, or stopped for three
/// leases, with writes under way. In the end everything they were ever told is held against what is found.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const string Project = "failover";
    private const int Seed = 6;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1";
    private static readonly int Kills = IsLong ? 300 : 10;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(IsLong ? 6 : 2);

    [Fact(Timeout = 4_000_000)]
    public async Task Nothing_that_was_answered_is_lost_when_owners_are_killed_and_another_node_goes_on()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(Seed);
        var crew = new Crew(64, Project, Seed);
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, cancellation);
        List<TimeSpan> dark = [];

        for (var kill = 1; kill <= Kills; kill++)
        {
            var owner = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
            var earlier = Unanswered(crew);
            var clock = new Stopwatch();

            // They ask a node that is not killed, and are sent to the owner by it.
            var asked = (owner + 1 + random.Next(2)) % 3;
            await crew.WorkAsync(nodes[asked].Address, random.Next(64, 1000), Kill, cancellation);
            Assert.True(Unanswered(crew) > earlier, $"Kill {kill} met no write under way: it proves nothing.");
            await nodes.KillAsync(owner);

            await nodes.OwnerAsync(Project, [.. ((int[])[0, 1, 2]).Where(number => number != owner)], cancellation);
            dark.Add(clock.Elapsed);
            await nodes.StartAsync(owner, cancellation);

            void Kill()
            {
                // A node that has just come back takes its share: the owner of a moment ago may not be the one any more.
                owner = nodes.OwnerNow(Project, [0, 1, 2], cancellation);
                clock.Start();
                nodes[owner].Kill();
            }
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var last = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
        await crew.WorkAsync(nodes[last].Address, 1000, enough.Cancel, enough.Token);

        dark.Sort();
        output.WriteLine($"{crew.History.Operations.Count} operations; dark for {dark[dark.Count / 2].TotalSeconds:0.0} s at the median, {dark[^1].TotalSeconds:0.0} s at most");
        Violations.AssertNone(await crew.CheckAsync(nodes[last].Address, cancellation));
        Assert.Contains(crew.History.Operations, operation => operation.Granted is not null);
    }

    /// <summary>A node that was stopped for three leases must not answer or write anything of what it was before.</summary>
    [Fact(Timeout = 300_000)]
    public async Task An_owner_that_was_stopped_for_three_leases_answers_nothing_stale_and_comes_back_as_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crew = new Crew(16, Project, Seed);
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, cancellation);
        var owner = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
        int[] others = [.. ((int[])[0, 1, 2]).Where(number => number != owner)];
        var before = await MembersAsync(nodes, others[0], cancellation);

        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await crew.WorkAsync(nodes[owner].Address, 200, enough.Cancel, enough.Token);
        }

        var stopped = Stopwatch.StartNew();
        await nodes.SignalAsync(owner, "-STOP", cancellation);
        var next = await nodes.OwnerAsync(Project, others, cancellation);
        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await crew.WorkAsync(nodes[next].Address, 200, enough.Cancel, enough.Token);
        }

        while (stopped.Elapsed < 3 * Lease)
        {
            Assert.Equal(next, await nodes.OwnerAsync(Project, others, cancellation));
        }

        await nodes.SignalAsync(owner, "-CONT", cancellation);
        using (var answer = await nodes.AskAsync(owner, $"/api/v1/tasks/?project={Project}", cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // Whoever answers now has read what was answered meanwhile; the history says so.
        var last = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await crew.WorkAsync(nodes[last].Address, 200, enough.Cancel, enough.Token);
        }

        Violations.AssertNone(await crew.CheckAsync(nodes[last].Address, cancellation));
        Assert.NotEqual(before, await MembersAsync(nodes, others[0], cancellation));
    }

    private static async Task<string> MembersAsync(NodesOnPostgres nodes, int number, CancellationToken cancellation)
    {
        using var answer = await nodes.AskAsync(number, "/api/v1/cluster/members/", cancellation);
        using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return string.Join(' ', json.RootElement.GetProperty("items").EnumerateArray().Select(member => member.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
    }

    private static int Unanswered(Crew crew) => crew.History.Operations.Count(operation =>
        operation.Outcome == Outcome.Unknown && operation.Verb != Verb.Progress);
}
