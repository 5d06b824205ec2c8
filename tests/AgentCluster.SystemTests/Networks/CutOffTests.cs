using System.Diagnostics;
using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Networks;

/// <summary>
/// Goal: an owner whose packets to or from the database vanish, so that no connection of its is ever reset, loses its shards as a killed one
/// does; it answers 503 once it cannot trust its lease, and takes part again soon after the way is there, by itself.
/// Method: crews at the owner and at another node, and one who reads at the owner all the time.
/// </summary>
[Collection(nameof(Alone))]
public sealed class CutOffTests(ITestOutputHelper output)
{
    private const int Seed = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Cut = 3 * Lease;

    // As after a kill, and a renewal more: one that was under way still counts though nobody hears of it.
    private static readonly TimeSpan Dark = (1.5 * Lease) + (Lease / 6);

    // What a command is waited for, or a list, and a little.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(11);

    // Once the lease is over: a connection to the database, which nobody makes now, and a little.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: a question to the database that waits as long as its driver does (20 s), and a driver that cancels in the threads that answer (5 s).
    [NetworkFact(Timeout = 300_000)]
    public async Task An_owner_that_loses_its_way_to_the_database_without_a_word_loses_its_shards_and_comes_back()
    {
        await using var apart = await ApartNodes.StartAsync(Lease, Token);
        Func<int, Task>[] cuts =
        [
            async owner =>
            {
                await apart.LoseToDatabaseAsync(owner);
                await apart.LoseFromDatabaseAsync(owner);
            },
            apart.LoseFromDatabaseAsync,
            apart.LoseToDatabaseAsync,
        ];
        for (var turn = 0; turn < cuts.Length; turn++)
        {
            await CutOffAsync(apart, turn, cuts[turn]);
        }
    }

    /// <summary>
    /// What stands between forgets connections now and then, and tells nobody. Broken on purpose: a driver that waits for the dead connection once
    /// more after it has cancelled (CancellationTimeout), by when the lease is over.
    /// </summary>
    [NetworkFact(Timeout = 300_000)]
    public async Task A_node_whose_renewals_go_nowhere_renews_by_another_connection_in_time()
    {
        await using var apart = await ApartNodes.StartAsync(Lease, Token);
        var project = (await apart.ProjectsOfAsync(0, 1, Token))[0];
        var members = await apart.MembersAsync(1, Token);
        using var client = new NodeClient(apart.Nodes[0].Address);

        Assert.InRange(await apart.LoseRenewalsAsync(0, Token), 1, int.MaxValue);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Cut;)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/tasks/available/?project={project}", Token)).Status);
            Assert.Equal(members, await apart.MembersAsync(1, Token));
            await Pause.ForAMomentAsync(Token);
        }

        Assert.Contains("The lease could not be renewed", apart.Nodes[0].Output, StringComparison.Ordinal);
    }

    private async Task CutOffAsync(ApartNodes apart, int owner, Func<int, Task> cut)
    {
        var nodes = apart.Nodes;
        int[] others = [.. ((int[])[0, 1, 2]).Where(number => number != owner)];
        var projects = await apart.ProjectsOfAsync(owner, 3, Token);
        Crew[] crews = [new(32, projects[0], Seed, $"beside-{owner}"), new(4, projects[1], Seed, $"at-{owner}")];
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] working = [crews[0].WorkAsync(nodes[others[0]].Address, 500, warm.SetResult, enough.Token), crews[1].WorkAsync(nodes[owner].Address, 1, () => { }, enough.Token)];
        await warm.Task.WaitAsync(Token);

        var clock = Stopwatch.StartNew();
        var watching = WatchAsync(nodes[owner].Address, projects[2], clock, enough.Token);
        await cut(owner);
        await nodes.OwnerAsync(projects[0], others, Token);
        var dark = clock.Elapsed;
        while (clock.Elapsed < Cut)
        {
            await Pause.ForAMomentAsync(Token);
        }

        await apart.HealAsync();
        var healed = clock.Elapsed;
        await nodes.SharedAsync(owner, ApartNodes.Count, Token);
        using (var client = new NodeClient(nodes[owner].Address))
        {
            while ((await client.GetAsync($"/api/v1/tasks/available/?project={projects[2]}", Token)).Status != HttpStatusCode.OK)
            {
                await Pause.ForAMomentAsync(Token);
            }
        }

        var back = clock.Elapsed - healed;
        await enough.CancelAsync();
        await Task.WhenAll(working);
        var seen = await watching;
        var without = seen.Where(each => each.Asked > Lease && each.Answered < healed).ToList();
        output.WriteLine(FormattableString.Invariant(
            $"dark for {dark.TotalSeconds:0.0} s, back after {back.TotalSeconds:0.0} s; the cut-off node answered 200 until {seen.Last(each => each.Status == HttpStatusCode.OK && each.Answered < healed).Answered.TotalSeconds:0.0} s, and waited {Longest(seen):0.0} s at most, {Longest(without):0.0} s without a lease ({without.Count} times)"));
        foreach (var crew in crews)
        {
            output.WriteLine($"{crew.Project}: {string.Join(", ", crew.History.Operations.GroupBy(operation => operation.Outcome).Select(same => $"{same.Key} {same.Count()}"))}");
            Violations.AssertNone(await crew.CheckAsync(nodes[owner].Address, Token));
        }

        Assert.InRange(dark, TimeSpan.Zero, Dark);
        Assert.InRange(back, TimeSpan.Zero, Soon);
        Assert.NotEmpty(without);
        Assert.All(without, each => Assert.Equal(HttpStatusCode.ServiceUnavailable, each.Status));
        Assert.InRange(Longest(without), 0, Prompt.TotalSeconds);
        Assert.InRange(Longest(seen), 0, Patience.TotalSeconds);
    }

    private static double Longest(List<Seen> seen) => seen.Max(each => each.Answered - each.Asked).TotalSeconds;

    /// <summary>Reads at a node, from an actor and from the database, until it is enough.</summary>
    private static async Task<List<Seen>> WatchAsync(Uri node, string project, Stopwatch clock, CancellationToken enough)
    {
        using var client = new NodeClient(node);
        List<Task<Seen>> seen = [];
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            seen.Add(AskAsync($"/api/v1/tasks/available/?project={project}"));
            if (number % 20 == 0)
            {
                seen.Add(AskAsync($"/api/v1/tasks/?project={project}"));
            }

            await Pause.ForAMomentAsync(CancellationToken.None);
        }

        return [.. await Task.WhenAll(seen)];

        async Task<Seen> AskAsync(string path)
        {
            var asked = clock.Elapsed;
            var answer = await client.GetAsync(path, CancellationToken.None);
            return new(asked, clock.Elapsed, answer.Status);
        }
    }

    private sealed record Seen(TimeSpan Asked, TimeSpan Answered, HttpStatusCode Status);
}
