using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCluster.Tests.Bridge.Mcp;

/// <summary>Speaks MCP by hand, in either era, so that what is wrong can be said too.</summary>
internal sealed class McpCaller(BridgeUnderTest bridge, string version)
{
    public const string Modern = "2026-07-28";
    public const string Older = "2025-11-25";

    private string? _session;
    private int _id;

    public string? Bearer { get; init; }

    /// <summary>Shakes hands where the revision wants it.</summary>
    public static async Task<McpCaller> OpenAsync(BridgeUnderTest bridge, string version, string? bearer = null)
    {
        var caller = new McpCaller(bridge, version) { Bearer = bearer };
        if (version != Modern)
        {
            var hello = await caller.AskAsync("initialize", new()
            {
                ["protocolVersion"] = version,
                ["capabilities"] = new JsonObject(),
                ["clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
            });
            Assert.Equal(version, hello.GetProperty("result").GetProperty("protocolVersion").GetString());
        }

        return caller;
    }

    /// <summary>Calls a tool.</summary>
    /// <returns>The result; its text is the last block of content.</returns>
    public async Task<JsonElement> CallAsync(string tool, object arguments) =>
        (await AskAsync("tools/call", new() { ["name"] = tool, ["arguments"] = JsonSerializer.SerializeToNode(arguments) })).GetProperty("result");

    /// <summary>Calls a tool that is not refused.</summary>
    /// <returns>What is under <c>result</c> in the structured content.</returns>
    public async Task<JsonElement> DoAsync(string tool, object arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.False(result.TryGetProperty("isError", out var refused) && refused.GetBoolean(), result.GetRawText());
        return result.GetProperty("structuredContent").GetProperty("result");
    }

    /// <summary>Asks, and gives the answer.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonObject parameters)
    {
        var (status, answer) = await SendAsync(method, parameters);
        Assert.Equal(200, status);
        return answer!.Value;
    }

    /// <summary>Sends one request as the revision wants it.</summary>
    /// <param name="method">What is asked.</param>
    /// <param name="parameters">With what.</param>
    /// <param name="spoil">Changes the request before it leaves.</param>
    public async Task<(int Status, JsonElement? Answer)> SendAsync(string method, JsonObject parameters, Action<HttpRequestMessage>? spoil = null)
    {
        if (version == Modern)
        {
            parameters["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = version,
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
            };
        }

        JsonObject message = new() { ["jsonrpc"] = "2.0", ["id"] = ++_id, ["method"] = method, ["params"] = parameters };
        using var request = BridgeUnderTest.Request(HttpMethod.Post, "/mcp", message.ToJsonString());
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (method != "initialize")
        {
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
        }

        if (_session is not null)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", _session);
        }

        if (version == Modern)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Method", method);
            if ((string?)(parameters["name"] ?? parameters["uri"]) is { } name)
            {
                request.Headers.TryAddWithoutValidation("Mcp-Name", name);
            }
        }

        if (Bearer is not null)
        {
            request.Headers.Authorization = new("Bearer", Bearer);
        }

        spoil?.Invoke(request);
        using var response = await bridge.Http.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Mcp-Session-Id", out var given))
        {
            _session = given.Single();
        }

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var data = text.StartsWith('{') ? text : text.Split('\n').LastOrDefault(line => line.StartsWith("data: {", StringComparison.Ordinal))?["data: ".Length..];
        return ((int)response.StatusCode, data is null ? null : JsonDocument.Parse(data).RootElement);
    }
}
