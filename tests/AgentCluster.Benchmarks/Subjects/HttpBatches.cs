using System.Diagnostics;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Creates tasks over HTTP, many a request.</summary>
internal sealed class HttpBatches : ISubject
{
    private readonly RunningNode _node;
    private readonly HttpConnection[] _connections;
    private readonly string _json;

    private HttpBatches(RunningNode node, HttpConnection[] connections, string json) => (_node, _connections, _json) = (node, connections, json);

    /// <param name="node">Ends with it.</param>
    /// <param name="callers">A connection each.</param>
    /// <param name="batch">Tasks a request.</param>
    public static async Task<HttpBatches> OpenAsync(RunningNode node, int callers, int batch) => new(
        node,
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => HttpConnection.OpenAsync(node.Address))),
        $$"""{"tasks":[{{string.Join(',', Enumerable.Range(1, batch).Select(number => $$"""{"title":"Task {{number}} of the benchmark"}"""))}}]}""");

    public async ValueTask<long> DoAsync(int caller) => await _connections[caller].PostAsync("/api/v1/tasks/batch/", _json) == 201
        ? Stopwatch.GetTimestamp()
        : throw new InvalidOperationException($"Expected 201, found {_connections[caller].Status}.");

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _node.DisposeAsync();
    }
}
