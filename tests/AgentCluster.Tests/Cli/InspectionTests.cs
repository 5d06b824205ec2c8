using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>What operators look at, and what their shells complete.</summary>
public sealed class InspectionTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_hierarchy_has_every_actor_in_memory_under_its_shard()
    {
        await RunAsync("task", "create", "First");
        await RunAsync("agent", "register", "ada");

        var shown = (await RunAsync("actor", "hierarchy")).IsDone().Data;

        Assert.Matches(@"(?m)^shard \d+ ", shown);
        Assert.Contains("  registry/default | running | 0", shown, StringComparison.Ordinal);
        Assert.Contains("  agent/ada | running | 0", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_says_what_waits_at_an_actor()
    {
        await RunAsync("task", "create", "First");

        var shown = (await RunAsync("actor", "mailbox", "registry/default")).IsDone().Data;

        Assert.Equal(
            ["actor", "status", "pending", "outbox", "timers", "parked"],
            shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" | ")[0]));
    }

    [Fact]
    public async Task Regions_say_how_many_shards_each_node_has() =>
        Assert.Equal("16", (await RunAsync("cluster-sharding", "regions", "-o", "json")).IsDone().Json.GetProperty("items")[0].GetProperty("shards").GetRawText());

    // The node ends between two looks: that is the end of the watch.
    [Fact]
    public async Task A_watch_goes_on_until_the_node_refuses()
    {
        await RunAsync("task", "create", "First");
        var watching = RunAsync("task", "list", "--watch", "1", "--timeout", "1");
        await _node.Bridge.StopAsync();

        Assert.NotEqual(0, (await watching).Code);
        Assert.Equal(2, (await RunAsync("task", "list", "--watch", "0")).Code);
    }

    [Theory]
    [InlineData("cluster-sh", "cluster-sharding")]
    [InlineData("actor ", "hierarchy")]
    [InlineData("actor mail", "mailbox")]
    public async Task A_shell_is_told_what_may_follow(string line, string expected)
    {
        var ran = await RunAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(expected, ran.Data.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_shells_script_asks_pbm_itself(string shell) =>
        Assert.Contains("[suggest:", (await RunAsync("completion", shell)).IsDone().Data, StringComparison.Ordinal);

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);
}
