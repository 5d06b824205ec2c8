using System.Diagnostics;
using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Networks;

/// <summary>
/// Goal: two nodes that lose each other, both ways or one way, and still reach the database, stay what they are. Nobody is declared down, what
/// does not cross the gap is not touched by it, what does is refused or unknown in time, and all is served again when the gap closes.
/// Method: six crews on projects of the two: at the owner, at the node that lost it, and at the third.
/// </summary>
[Collection(nameof(Alone))]
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int Seed = 7;
    private const int Workers = 6;
    private const int Some = 30;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Apart = 2.5 * Lease;

    // What a command is waited for, and a little.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: a command whose answer was lost, and that a later attempt did not bring about, is told as not done (8 violations; 11 one way).
    [NetworkFact(Timeout = 300_000)]
    public Task Two_nodes_that_lose_each_other_stay_what_they_are() => PartAsync(async nodes =>
    {
        await nodes.LoseAsync(0, 1);
        await nodes.LoseAsync(1, 0);
    });

    [NetworkFact(Timeout = 300_000)]
    public Task A_node_that_another_does_not_hear_any_more_stays_what_it_is() => PartAsync(nodes => nodes.LoseAsync(0, 1));

    private async Task PartAsync(Func<ApartNodes, Task> part)
    {
        await using var apart = await ApartNodes.StartAsync(Lease, Token);
        var (first, second) = (await apart.ProjectsOfAsync(0, 3, Token), await apart.ProjectsOfAsync(1, 3, Token));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        (int Asked, Crew Crew)[] across = [(0, Of(second[0])), (1, Of(first[0]))];
        (int Asked, Crew Crew)[] aside = [(0, Of(first[1])), (1, Of(second[1])), (2, Of(first[2])), (2, Of(second[2]))];
        Task[] working = [.. across.Concat(aside).Select(each => each.Crew.WorkAsync(apart.Nodes[each.Asked].Address, int.MaxValue, () => { }, enough.Token))];
        await GoOnAsync(across.Concat(aside));
        var members = await apart.MembersAsync(2, Token);

        await part(apart);
        var clock = Stopwatch.StartNew();
        var longest = TimeSpan.Zero;
        while (clock.Elapsed < Apart)
        {
            foreach (var (asked, crew) in across)
            {
                var answered = await WaitAsync(apart, asked, crew.Project);
                longest = answered > longest ? answered : longest;
            }

            Assert.Equal(members, await apart.MembersAsync(2, Token));
            await Pause.ForAMomentAsync(Token);
        }

        await GoOnAsync(aside);
        await apart.HealAsync();
        clock.Restart();
        await GoOnAsync(across);
        var back = clock.Elapsed;
        await GoOnAsync(aside);
        await enough.CancelAsync();
        await Task.WhenAll(working);

        var met = across.Sum(each => Failed(each.Crew));
        output.WriteLine(FormattableString.Invariant(
            $"apart for {Apart.TotalSeconds} s: {met} of {across.Sum(each => each.Crew.History.Operations.Count)} operations across the gap refused or unknown, answered after {longest.TotalSeconds:0.0} s at most; beside it 0 of {aside.Sum(each => each.Crew.History.Operations.Count)}; back after {back.TotalSeconds:0.0} s"));
        Assert.True(met > 0, "Nobody met the gap: it proves nothing.");
        Assert.All(aside, each => Assert.Equal(0, Failed(each.Crew)));
        Assert.InRange(longest, TimeSpan.Zero, Patience);
        Assert.InRange(back, TimeSpan.Zero, Soon);
        foreach (var (_, crew) in across.Concat(aside))
        {
            Assert.DoesNotContain(crew.History.Operations, operation => operation.Answer is null);
            Violations.AssertNone(await crew.CheckAsync(apart.Nodes[2].Address, Token));
        }
    }

    private static Crew Of(string project) => new(Workers, project, Seed, project);

    private static int Failed(Crew crew) => crew.History.Operations.Count(operation => operation.Outcome is Outcome.NotDone or Outcome.Unknown);

    private static int Done(Crew crew) => crew.History.Operations.Count(operation => operation.Outcome == Outcome.Done);

    /// <summary>Waits until each crew has done some more.</summary>
    private static async Task GoOnAsync(IEnumerable<(int, Crew Crew)> crews)
    {
        foreach (var (crew, before) in crews.Select(each => (each.Crew, Done(each.Crew))).ToList())
        {
            while (Done(crew) < before + Some)
            {
                await Pause.ForAMomentAsync(Token);
            }
        }
    }

    /// <summary>How long a question that may have to cross the gap waits for its answer, whatever that is.</summary>
    private static async Task<TimeSpan> WaitAsync(ApartNodes apart, int asked, string project)
    {
        using var client = new NodeClient(apart.Nodes[asked].Address);
        var clock = Stopwatch.StartNew();
        var answer = await client.GetAsync($"/api/v1/tasks/available/?project={project}", Token);
        Assert.True(answer is { Status: HttpStatusCode.OK } or { Code: "unavailable", RetryAfter: true }, answer.ToString());
        return clock.Elapsed;
    }
}
