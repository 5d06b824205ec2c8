using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>The verbs of worktrees and forecasts against the real actors.</summary>
public sealed class WorktreeVerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_worktree_is_made_known_listed_reported_on_and_forgotten()
    {
        (await RunAsync("worktree", "put", "apollo", "parser", "--agent", "ada", "--branch", "parser", "--base", "main", "--path", "/tmp/../tmp/no such place")).IsDone();
        (await RunAsync("worktree", "touch", "apollo", "parser", "--file", "src/a.cs", "--file", "./src/b.cs")).IsDone();

        Assert.Equal("parser | ada | parser | main | /tmp/no such place | -", (await RunAsync("worktree", "list", "apollo")).IsDone().Data.Split('\n')[0]);
        Assert.Equal(["src/a.cs", "src/b.cs"], (await RunAsync("worktree", "list", "apollo", "-o", "json")).IsDone().Json.GetProperty("items")[0].GetProperty("touched").EnumerateArray().Select(touch => touch.GetProperty("path").GetString()));
        Assert.Equal("Count: 0 pairs\n", (await RunAsync("forecast", "apollo")).IsDone().Data);
        (await RunAsync("worktree", "remove", "apollo", "parser")).IsDone();
        Assert.Equal(3, (await RunAsync("worktree", "remove", "apollo", "parser")).Code);
    }

    [Fact]
    public async Task A_branch_that_looks_like_an_option_is_refused_by_its_field()
    {
        var ran = await RunAsync("worktree", "put", "apollo", "parser", "--agent", "ada", "--branch=--upload-pack=x", "--base", "main");

        Assert.Equal(2, ran.Code);
        Assert.Contains("looks like an option", ran.Words, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);
}
