using System.Diagnostics;
using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// Goal: whatever becomes of the node that owns a project, nothing that was answered is lost, nothing is done twice, no token is
/// given twice, and another node answers for it within a lease and a little.
/// Method: 64 clients work on one project through nodes that send what they ask on to its owner; the owner is killed, or stopped for three
/// leases, with writes under way. In the end everything they were ever told is held against what is found.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const string Project = "failover";
    private const int Seed = 6;
    private const int Projects = 12;
    private const int MoreStops = 4;
    private const string Fenced = "agentcluster_commit_fenced_total";
    private const string Lost = "agentcluster_transport_lost_total";
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1";
    private static readonly int Kills = IsLong ? 300 : 10;
    private static readonly int Stops = IsLong ? 20 : 1;
    private static readonly int Leaves = IsLong ? 20 : 3;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(IsLong ? 6 : 2);

    // With a lease as short as the sample's, a node that starts beside the others is a good part of it.
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(IsLong ? 0 : 2);

    [Fact(Timeout = 4_000_000)]
    public async Task Nothing_that_was_answered_is_lost_when_owners_are_killed_and_another_node_goes_on()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(Seed);
        var crew = new Crew(64, Project, Seed);
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, cancellation);
        List<TimeSpan> dark = [];
        var met = 0;

        for (var kill = 1; kill <= Kills; kill++)
        {
            var owner = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
            var clock = new Stopwatch();

            // They ask a node that is not killed. What it had sent to the owner it sends to the next one; they notice a pause.
            var asked = (owner + 1 + random.Next(2)) % 3;
            var earlier = await nodes.MetricAsync(asked, Lost, cancellation);
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var working = crew.WorkAsync(nodes[asked].Address, random.Next(64, 1000), Kill, enough.Token);
            await killed.Task.WaitAsync(cancellation);
            if (owner == asked)
            {
                // It came to own the project meanwhile, and took its callers with it.
                asked = (owner + 1) % 3;
                earlier = double.MaxValue;
            }

            await nodes.KillAsync(owner);
            await nodes.OwnerAsync(Project, [.. ((int[])[0, 1, 2]).Where(number => number != owner)], cancellation);
            dark.Add(clock.Elapsed);
            met += await nodes.MetricAsync(asked, Lost, cancellation) > earlier ? 1 : 0;
            await enough.CancelAsync();
            await working;
            await nodes.StartAsync(owner, cancellation);

            void Kill()
            {
                // A node that has just come back takes its share: the owner of a moment ago may not be the one any more.
                owner = nodes.OwnerNow(Project, [0, 1, 2], cancellation);
                clock.Start();
                nodes[owner].Kill();
                killed.SetResult();
            }
        }

        using var enoughInTheEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var last = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
        await crew.WorkAsync(nodes[last].Address, 1000, enoughInTheEnd.Cancel, enoughInTheEnd.Token);

        dark.Sort();
        var (half, most) = (dark[dark.Count / 2], dark[dark.Count * 99 / 100]);
        var unknown = crew.History.Operations.Count(operation => operation.Outcome == Outcome.Unknown);
        output.WriteLine(FormattableString.Invariant(
            $"{Kills} kills, a lease of {Lease.TotalSeconds} s: dark for {half.TotalSeconds:0.0} s at p50, {most.TotalSeconds:0.0} s at p99, {dark[^1].TotalSeconds:0.0} s at most; {crew.History.Operations.Count} operations, {unknown} unknown; {met} kills met commands under way, which were sent again to the next owner"));
        Violations.AssertNone(await crew.CheckAsync(nodes[last].Address, cancellation));
        Assert.Contains(crew.History.Operations, operation => operation.Granted is not null);
        Assert.True(met >= Kills * 0.7, $"Only {met} of {Kills} kills met a command under way: it proves nothing.");
        Assert.InRange(half, TimeSpan.Zero, 1.25 * Lease + Starting);
        Assert.InRange(most, TimeSpan.Zero, 1.5 * Lease + Starting);
    }

    /// <summary>A node that was stopped for three leases, with commits under way, must not answer or write anything of what it was before.</summary>
    [Fact(Timeout = 1_200_000)]
    public async Task An_owner_that_was_stopped_for_three_leases_under_load_answers_nothing_stale_and_comes_back_as_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, cancellation);
        var crew = new Crew(32, Project, Seed);
        var fenced = 0.0;

        // A stop may fall between two groups, when nothing of the next has gathered: then another one has to.
        for (var stop = 0; stop < Stops || (fenced == 0 && stop < Stops + MoreStops); stop++)
        {
            var owner = await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
            int[] others = [.. ((int[])[0, 1, 2]).Where(number => number != owner)];
            var before = await MembersAsync(nodes, others[0], cancellation);
            var earlier = await nodes.MetricAsync(owner, Fenced, cancellation);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var working = crew.WorkAsync(nodes[owner].Address, 200, full.SetResult, enough.Token);
            await full.Task.WaitAsync(cancellation);

            // The crew's requests are under way at the owner, and stay there until it goes on.
            var stopped = Stopwatch.StartNew();
            await nodes.SignalAsync(owner, "-STOP", cancellation);
            var next = await nodes.OwnerAsync(Project, others, cancellation);
            using (var title = new StringContent($$"""{"title":"meanwhile {{stop}}","project":"{{Project}}-beside"}""", System.Text.Encoding.UTF8, "application/json"))
            using (var client = new HttpClient())
            using (var made = await client.PostAsync(new Uri(nodes[next].Address, "/api/v1/tasks/"), title, cancellation))
            {
                Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            }

            while (stopped.Elapsed < 3 * Lease)
            {
                Assert.Equal(next, await nodes.OwnerAsync(Project, others, cancellation));
                await Pause.ForAMomentAsync(cancellation);
            }

            await nodes.SignalAsync(owner, "-CONT", cancellation);
            await nodes.OwnerAsync(Project, [0, 1, 2], cancellation);
            await enough.CancelAsync();
            await working;
            fenced += await nodes.MetricAsync(owner, Fenced, cancellation) - earlier;
            while (before == await MembersAsync(nodes, others[0], cancellation))
            {
                // It learns at its next renewal that it was declared down.
                await Pause.ForAMomentAsync(cancellation);
            }
        }

        output.WriteLine($"{crew.History.Operations.Count} operations, {fenced} batches fenced");
        Violations.AssertNone(await crew.CheckAsync(nodes[await nodes.OwnerAsync(Project, [0, 1, 2], cancellation)].Address, cancellation));
        Assert.True(fenced > 0, "No batch was fenced: it proves nothing.");
    }

    /// <summary>A node that is asked to end hands its shards over: callers of many projects wait less than a second.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Whoever_leaves_in_order_leaves_nobody_waiting_for_a_second()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, cancellation);
        List<TimeSpan> dark = [];
        for (var leave = 0; leave < Leaves; leave++)
        {
            var leaver = 1 + (leave % 2);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            List<Impatient> callers = [.. Enumerable.Range(0, Projects).Select(number => new Impatient(nodes[0].Address, $"served-{number}", enough.Token))];
            await Task.WhenAll(callers.Select(caller => caller.AnsweredAsync()));
            Assert.Equal(0, await nodes[leaver].TerminateAsync(TimeSpan.FromSeconds(10), cancellation));
            await Task.WhenAll(callers.Select(caller => caller.AnsweredAsync()));
            await enough.CancelAsync();
            dark.AddRange(await Task.WhenAll(callers.Select(caller => caller.LongestWait)));
            await nodes.KillAsync(leaver);
            await nodes.StartAsync(leaver, cancellation);
        }

        dark.Sort();
        output.WriteLine(FormattableString.Invariant(
            $"{Leaves} leaves, {Projects} projects: waited {dark[dark.Count / 2].TotalSeconds:0.00} s at p50, {dark[dark.Count * 99 / 100].TotalSeconds:0.00} s at p99, {dark[^1].TotalSeconds:0.00} s at most"));
        Assert.InRange(dark[dark.Count * 99 / 100], TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static async Task<string> MembersAsync(NodesOnPostgres nodes, int number, CancellationToken cancellation)
    {
        using var answer = await nodes.AskAsync(number, "/api/v1/cluster/members/", cancellation);
        using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return string.Join(' ', json.RootElement.GetProperty("items").EnumerateArray().Select(member => member.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
    }
}
