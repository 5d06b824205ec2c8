using AgentCluster.Client;
using AgentCluster.Client.Agents;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Epics;
using AgentCluster.Client.Tasks;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Client;

/// <summary>The typed client against a real node.</summary>
public sealed class ClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_works_through_a_project()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));
        var ada = await cluster.Agents.RegisterAsync("ada", new AgentDraft { Name = "Ada", Roles = ["author"], Capabilities = ["c#"] }, cancellationToken: Token);
        using var asAda = cluster.As(ada.Handle!);
        var epic = await cluster.Epics.CreateAsync(new EpicDraft("All of it") { Project = "p", Budget = new(Tokens: 1_000) }, cancellationToken: Token);
        var made = await cluster.Tasks.CreateAllAsync(
            [
                new("First") { Project = "p", Ref = "first", EpicId = epic.Id, Priority = "P0", RequiredCapabilities = ["c#"] },
                new("Second") { Project = "p", EpicId = epic.Id, DependsOn = ["ref:first"] },
            ],
            cancellationToken: Token);

        var ready = await cluster.Tasks.AvailableAsync("p", cancellationToken: Token);
        var first = await asAda.Tasks.ClaimNextAsync("ada", "p", cancellationToken: Token);
        var progress = await asAda.Tasks.ProgressAsync(first!.Task.Id, first.Claim.Token, 50, "Half.", new CostInfo(ActualTokens: 10, ActualUsd: 0.5m), cancellationToken: Token);
        var beat = await asAda.Agents.HeartbeatAsync("ada", Token);
        var done = await asAda.Tasks.CompleteAndClaimNextAsync(first.Task.Id, first.Claim.Token, "Done.", new CostInfo(ActualTokens: 5), cancellationToken: Token);
        var parked = await asAda.Tasks.AskAsync(done.Next!.Task.Id, done.Next.Claim.Token, "Which?", cancellationToken: Token);
        var answered = await cluster.Tasks.AnswerAsync(parked.Id, "That.", cancellationToken: Token);
        var second = await asAda.Tasks.CompleteAsync(parked.Id, done.Next.Claim.Token, "Done too.", cancellationToken: Token);
        var none = await asAda.Tasks.ClaimNextAsync("ada", "p", cancellationToken: Token);
        var over = await cluster.Epics.ShowAsync(epic.Id, Token);

        Assert.Equal([made[0].Id], ready.Items.Select(task => task.Id));
        Assert.Equal(("First", "P0", "ada", "blocked"), (first.Task.Title, first.Task.Priority, first.Claim.Agent, made[1].Status));
        Assert.True(progress.LeaseExpiresAt > DateTimeOffset.UtcNow && !progress.CancelRequested);
        Assert.Equal(first.Task.Id, Assert.Single(beat.Leases).TaskId);
        Assert.Equal(("completed", 15L, 0.5m), (done.Task.Status, done.Task.Cost!.ActualTokens, done.Task.Cost.ActualUsd));
        Assert.Equal(("input_required", "running", "completed"), (parked.Status, answered.Status, second.Status));
        Assert.Equal("Done too.", second.More!["result_summary"].GetString());
        Assert.Null(none);
        Assert.Equal((2L, 100m, 15L), (over.Progress.Completed, over.Progress.Percent, over.Cost!.ActualTokens));
    }

    [Fact]
    public async Task A_refusal_carries_its_code_and_what_belongs_to_it()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));
        var task = await cluster.Tasks.CreateAsync(new("Once"), cancellationToken: Token);
        var claimed = await cluster.Tasks.ClaimAsync(task.Id, "ada", cancellationToken: Token);

        var taken = await Assert.ThrowsAsync<RefusedException>(() => cluster.Tasks.ClaimAsync(task.Id, "bob", cancellationToken: Token));
        var stale = await Assert.ThrowsAsync<RefusedException>(
            () => cluster.Tasks.FailAsync(task.Id, claimed.Claim.Token - 1, "No.", cancellationToken: Token));
        var unknown = await Assert.ThrowsAsync<RefusedException>(() => cluster.Tasks.ShowAsync("01ARZ3NDEKTSV4RRFFQ69G5FAV", Token));
        var wrong = await Assert.ThrowsAsync<RefusedException>(() => cluster.As("ahn_nobody").Agents.ListAsync(cancellationToken: Token));

        Assert.Equal(("already_claimed", "ada"), (taken.Problem.Code, taken.Problem.Json.GetProperty("holder").GetString()));
        Assert.Equal(("claim_superseded", "not_found", "unauthorized"), (stale.Problem.Code, unknown.Problem.Code, wrong.Problem.Code));
    }

    [Fact]
    public async Task The_same_call_under_one_name_happens_once()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));

        var first = await cluster.Tasks.CreateAsync(new("Once"), new WriteOptions("mine-1"), Token);
        var again = await cluster.Tasks.CreateAsync(new("Once"), new WriteOptions("mine-1"), Token);

        Assert.Equal(first.Id, again.Id);
        Assert.Single((await cluster.Tasks.AvailableAsync(cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task Events_are_followed_as_they_happen_and_from_a_cursor_on()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));
        await using var live = cluster.FollowAsync("0", ["project:p"], Token).GetAsyncEnumerator(Token);

        await cluster.Tasks.CreateAsync(new("One") { Project = "p" }, cancellationToken: Token);
        await cluster.Tasks.CreateAsync(new("Two") { Project = "p" }, cancellationToken: Token);
        Assert.True(await live.MoveNextAsync());
        var first = live.Current;
        Assert.True(await live.MoveNextAsync());
        await using var later = cluster.FollowAsync(first.Cursor, ["project:p"], Token).GetAsyncEnumerator(Token);
        Assert.True(await later.MoveNextAsync());

        Assert.Equal(("task_created", "project:p"), (first.Name, first.Channel));
        Assert.Equal(live.Current.Cursor, later.Current.Cursor);
    }
}
