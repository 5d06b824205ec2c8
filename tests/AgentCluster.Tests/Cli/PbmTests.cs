using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentCluster.Cli;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary><c>pbm</c> against a node: what it shows, where, and how it ends.</summary>
public sealed class PbmTests : IAsyncLifetime
{
    private readonly NoNode _node = new();
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _node, _node);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    [Fact]
    public async Task Status_is_text_in_a_pipe_json_on_demand_and_says_nothing_else()
    {
        var text = await RunAsync("status");
        var json = await RunAsync("status", "-o", "json");

        Assert.Equal((0, ""), (text.Code, text.Words));
        Assert.Contains("shards | 256\n", text.Data, StringComparison.Ordinal);
        Assert.Equal((0, ""), (json.Code, json.Words));
        Assert.Equal(256, JsonDocument.Parse(json.Data).RootElement.GetProperty("shards").GetInt32());
    }

    // Broken on purpose: the table's console told that it is always a terminal.
    [Theory]
    [InlineData("table")]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_pipe_gets_no_escape_sequences(string format)
    {
        var ran = await RunAsync("status", "-o", format);

        Assert.Equal(0, ran.Code);
        Assert.DoesNotContain('\u001b', ran.Data);
    }

    [Fact]
    public async Task An_actor_that_is_not_there_is_exit_3_with_words_on_stderr_only()
    {
        var ran = await RunAsync("actor", "inspect", "registry/default");

        Assert.Equal((3, ""), (ran.Code, ran.Data));
        Assert.StartsWith("not_found: ", ran.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("surprise")]
    [InlineData("task")]
    [InlineData("task", "show")]
    [InlineData("task", "list", "--limit", "x")]
    [InlineData("task", "list", "--limit", "201")]
    [InlineData("task", "show", "nonsense")]
    [InlineData("actor", "inspect", "registry")]
    [InlineData("status", "-o", "yaml")]
    [InlineData("status", "--node", "nonsense")]
    [InlineData("status", "--node", "ftp://127.0.0.1/")]
    public async Task A_wrong_command_line_is_exit_2(params string[] args)
    {
        var ran = await RunAsync(args);

        Assert.Equal((2, ""), (ran.Code, ran.Data));
        Assert.NotEqual("", ran.Words);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_exit_5()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var ran = await RunAsync("status", "--node", FormattableString.Invariant($"http://127.0.0.1:{port}"));

        Assert.Equal((5, ""), (ran.Code, ran.Data));
    }

    [Fact]
    public async Task The_option_wins_over_the_environment()
    {
        var (data, words) = (new StringWriter(), new StringWriter());

        var code = await Pbm.RunAsync(
            ["status", "--node", _bridge.Address.ToString()], data, words, isTerminal: false, name => name == "AGENTCLUSTER_URL" ? "http://127.0.0.1:1" : null);

        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Help_is_exit_0_on_stdout()
    {
        var ran = await RunAsync("--help");

        Assert.Equal((0, ""), (ran.Code, ran.Words));
        Assert.Contains("status", ran.Data, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_bridge.Address, args);
}
