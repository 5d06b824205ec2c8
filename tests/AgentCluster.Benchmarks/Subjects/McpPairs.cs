using System.Diagnostics;
using System.Globalization;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete as calls of MCP tools, revision 2026-07-28, a keep-alive connection a caller.</summary>
internal sealed class McpPairs : ISubject
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"b","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private readonly RunningNode _node;
    private readonly HttpConnection[] _connections;

    private McpPairs(RunningNode node, HttpConnection[] connections) => (_node, _connections) = (node, connections);

    /// <param name="node">With ready tasks; ends with it.</param>
    /// <param name="callers">How many.</param>
    public static async Task<McpPairs> OpenAsync(RunningNode node, int callers) =>
        new(node, await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => HttpConnection.OpenAsync(node.Address))));

    public async ValueTask<long> DoAsync(int caller)
    {
        var http = _connections[caller];
        await CallAsync(http, "task_claim", string.Create(CultureInfo.InvariantCulture, $$"""{"agent":"agent-{{caller:00}}"}"""));
        var claimed = Stopwatch.GetTimestamp();
        var (task, token) = (http.Member("\"id\":\""u8), http.Member("\"token\":"u8));
        await CallAsync(http, "task_complete", $$"""{"task_id":"{{task}}","token":{{token}},"result_summary":"done"}""");
        return claimed;
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _node.DisposeAsync();
    }

    private static async ValueTask CallAsync(HttpConnection http, string tool, string arguments)
    {
        var status = await http.PostAsync(
            "/mcp",
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},{{{Meta}}}}}""",
            $"Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\n");
        if (status != 200 || http.Body.IndexOf("\"structuredContent\""u8) < 0)
        {
            throw new InvalidOperationException($"Expected a result, found {status}: {System.Text.Encoding.UTF8.GetString(http.Body)}");
        }
    }
}
