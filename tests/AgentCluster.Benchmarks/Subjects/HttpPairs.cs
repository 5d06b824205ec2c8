using System.Diagnostics;
using System.Globalization;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete over HTTP, a keep-alive connection a caller.</summary>
internal sealed class HttpPairs : ISubject
{
    private readonly RunningNode _node;
    private readonly HttpConnection[] _connections;

    private HttpPairs(RunningNode node, HttpConnection[] connections) => (_node, _connections) = (node, connections);

    /// <param name="node">With ready tasks; ends with it.</param>
    /// <param name="callers">How many.</param>
    public static async Task<HttpPairs> OpenAsync(RunningNode node, int callers) =>
        new(node, await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => HttpConnection.OpenAsync(node.Address))));

    public async ValueTask<long> DoAsync(int caller)
    {
        var http = _connections[caller];
        Expect(200, await http.PostAsync("/api/v1/tasks/claim/", string.Create(CultureInfo.InvariantCulture, $$"""{"agent":"agent-{{caller:00}}"}""")));
        var claimed = Stopwatch.GetTimestamp();
        var (task, token) = (http.Member("\"id\":\""u8), http.Member("\"token\":"u8));
        Expect(200, await http.PostAsync($"/api/v1/tasks/{task}/complete/", $$"""{"token":{{token}},"result_summary":"done"}"""));
        return claimed;

        void Expect(int expected, int found)
        {
            if (found != expected)
            {
                throw new InvalidOperationException($"Expected {expected}, found {found}: {System.Text.Encoding.UTF8.GetString(http.Body)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _node.DisposeAsync();
    }
}
