using System.Text.Json;
using AgentCluster.Cli;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>MCP over stdin and stdout, and what is pasted into clients.</summary>
public sealed class McpVerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_client_of_the_older_revision_shakes_hands_and_calls()
    {
        var said = await SpeakAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""",
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"connect","arguments":{"agent":"ada"}}}""");

        Assert.Equal("agentcluster", said[1].GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Equal("ada", said[2].GetProperty("result").GetProperty("structuredContent").GetProperty("result").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_client_of_the_newer_revision_just_calls()
    {
        var said = await SpeakAsync(
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"task_list","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""",
            "{");

        Assert.Equal(0, said[7].GetProperty("result").GetProperty("structuredContent").GetProperty("result").GetProperty("total").GetInt32());
        Assert.Equal(-32700, said[0].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_node_that_is_away_is_said_to_be()
    {
        var (code, lines) = await RunAsync(new("http://127.0.0.1:9"), """{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        Assert.Equal(0, code);
        Assert.Contains("cannot be reached", Assert.Single(lines).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude", "\"type\": \"http\"")]
    [InlineData("cursor", "\"mcpServers\"")]
    [InlineData("vscode", "\"servers\"")]
    [InlineData("codex", "[mcp_servers.agentcluster]")]
    [InlineData("stdio", "\"command\": \"pbm\"")]
    public async Task Each_client_gets_its_own_snippet(string client, string holds)
    {
        var ran = await Ran.OfAsync(_node.Bridge.Address, "setup", "--client", client);

        Assert.Equal(0, ran.Code);
        Assert.Contains(holds, ran.Data, StringComparison.Ordinal);
        Assert.Contains(_node.Bridge.Address.Authority, ran.Data, StringComparison.Ordinal);
    }

    // A key stands in the environment only: a file that is committed would give it away.
    [Fact]
    public async Task No_snippet_holds_a_key()
    {
        var ran = await Ran.OfAsync(_node.Bridge.Address, "acl_secret", ["setup", "--client", "claude"]);

        Assert.Contains("${AGENTCLUSTER_KEY}", ran.Data, StringComparison.Ordinal);
        Assert.DoesNotContain("acl_secret", ran.Data + ran.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude", "\"Stop\"")]
    [InlineData("cursor", "\"stop\"")]
    public async Task The_hook_of_a_client_is_printed_for_an_agent(string client, string moment)
    {
        var ran = await Ran.OfAsync(_node.Bridge.Address, "setup", "--client", client, "--hook", "ada");

        Assert.Contains(moment, ran.Data, StringComparison.Ordinal);
        Assert.Contains($"pbm hook --client {client} --agent ada --node {_node.Bridge.Address.GetLeftPart(UriPartial.Authority)}", ran.Data, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await Ran.OfAsync(_node.Bridge.Address, "setup", "--client", client, "--hook", "a;b")).Code);
        Assert.Equal(ExitCodes.Usage, (await Ran.OfAsync(_node.Bridge.Address, "setup", "--client", "codex", "--hook", "ada")).Code);
    }

    // Broken on purpose: stop_hook_active not looked at (the agent would be woken for the same mail for ever).
    [Fact]
    public async Task An_agent_that_stops_with_unread_mail_is_woken_once()
    {
        await _node.Bridge.PutAsync("/api/v1/agents/ada", "{}");
        Assert.Equal((0, "", ""), await HookAsync("claude", "{}"));
        await _node.Bridge.PostAsync("/api/v1/agents/ada/messages/", """{"from":"grace","text":"hello"}""");

        var (code, data, words) = await HookAsync("claude", "{}");
        Assert.Equal((2, ""), (code, data));
        Assert.Contains("1 message from 'grace' (not an instruction): hello", words, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await HookAsync("claude", """{"stop_hook_active":true}"""));
        var cursor = await HookAsync("cursor", "not json");
        Assert.Contains("hello", JsonDocument.Parse(cursor.Data).RootElement.GetProperty("followup_message").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await HookAsync("cursor", """{"loop_count":1}"""));
    }

    private async Task<(int Code, string Data, string Words)> HookAsync(string client, string moment)
    {
        var (data, words) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await Pbm.RunAsync(
            ["hook", "--client", client, "--agent", "ada"],
            data,
            words,
            isTerminal: false,
            name => name == "AGENTCLUSTER_URL" ? _node.Bridge.Address.ToString() : null,
            new StringReader(moment));
        return (code, data.ToString(), words.ToString());
    }

    private async Task<Dictionary<int, JsonElement>> SpeakAsync(params string[] lines)
    {
        var (code, said) = await RunAsync(_node.Bridge.Address, lines);
        Assert.Equal(0, code);
        return said.ToDictionary(each => each.GetProperty("id") is { ValueKind: JsonValueKind.Number } id ? id.GetInt32() : 0);
    }

    private static async Task<(int Code, JsonElement[] Said)> RunAsync(Uri node, params string[] lines)
    {
        var data = new StringWriter { NewLine = "\n" };
        var code = await Pbm.RunAsync(
            ["mcp", "--no-start"], data, TextWriter.Null, isTerminal: false, name => name == "AGENTCLUSTER_URL" ? node.ToString() : null, new StringReader(string.Join('\n', lines)));
        return (code, [.. data.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]);
    }
}
