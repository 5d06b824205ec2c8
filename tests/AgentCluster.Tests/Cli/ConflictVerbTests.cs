using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>The verbs of reservations, worktrees and conflicts against the real actors.</summary>
public sealed class ConflictVerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Paths_are_reserved_refused_with_exit_4_and_given_back()
    {
        var held = (await RunAsync("reserve", "apollo", "src/**", "doc/a.md", "--agent", "ada", "--for", "600", "-o", "json")).IsDone().Json.GetProperty("id").GetString()!;

        var refused = await RunAsync("reserve", "apollo", "src/a.cs", "--agent", "grace");
        Assert.Equal((4, ""), (refused.Code, refused.Data));
        Assert.Contains("You are in line", refused.Words, StringComparison.Ordinal);

        Assert.Contains("held | ada", (await RunAsync("reservation", "list", "apollo")).IsDone().Data, StringComparison.Ordinal);
        (await RunAsync("reservation", "release", "apollo", held)).IsDone();
        Assert.Contains("held | grace", (await RunAsync("reservation", "list", "apollo")).IsDone().Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_is_listed_shown_with_what_was_tried_and_decided_by_a_person()
    {
        (await RunAsync("worktree", "put", "apollo", "two", "--agent", "grace", "--branch", "feature", "--base", "main")).IsDone();
        (await RunAsync("worktree", "put", "apollo", "one", "--agent", "ada", "--branch", "feature", "--base", "main")).IsDone();
        var listed = (await RunAsync("conflict", "list", "--status", "escalated", "-o", "json")).IsDone().Json.GetProperty("items");
        var id = Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString()!;

        Assert.Contains("agent_conflict", (await RunAsync("conflict", "show", id)).IsDone().Data, StringComparison.Ordinal);
        Assert.Contains("human", (await RunAsync("conflict", "resolve", id, "They pair.", "--by", "linus")).IsDone().Data, StringComparison.Ordinal);

        Assert.Contains("0 of 0 conflicts", (await RunAsync("conflict", "list", "--status", "escalated")).IsDone().Data, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);
}
