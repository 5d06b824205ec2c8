using System.Diagnostics;
using System.Globalization;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>A pair of agents a caller: one delegates, the other accepts and completes. Each says it over a connection of its own.</summary>
internal sealed class HttpDelegations : ISubject
{
    // What is unread is bounded, and reading is no part of what is measured.
    private const int ReadEvery = 1_000;

    private readonly RunningNode _node;
    private readonly (HttpConnection Delegator, HttpConnection Worker)[] _pairs;
    private readonly int[] _done;

    private HttpDelegations(RunningNode node, (HttpConnection, HttpConnection)[] pairs) => (_node, _pairs, _done) = (node, pairs, new int[pairs.Length]);

    /// <param name="node">Ends with it.</param>
    /// <param name="callers">How many pairs.</param>
    public static async Task<HttpDelegations> OpenAsync(RunningNode node, int callers)
    {
        var pairs = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            foreach (var name in new[] { $"d{caller}", $"w{caller}" })
            {
                await node.Actors.AskAsync(Kinds.AgentOf(new(name)), new AgentCommand.RegisterAgent(new() { Name = name }, Rotate: false), null, CancellationToken.None);
            }

            return (await HttpConnection.OpenAsync(node.Address), await HttpConnection.OpenAsync(node.Address));
        }));
        return new(node, pairs);
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        var (delegator, worker) = _pairs[caller];
        await SayAsync(delegator, 201, "/api/v1/delegations/", $$"""{"from":"d{{caller}}","to":"w{{caller}}","text":"Test the parser."}""");
        var requested = Stopwatch.GetTimestamp();
        var id = delegator.Member("\"id\":\""u8);
        await SayAsync(worker, 200, $"/api/v1/delegations/{id}/status/", """{"status":"accepted"}""");
        await SayAsync(worker, 200, $"/api/v1/delegations/{id}/status/", """{"status":"completed","result":"All green."}""");
        if (++_done[caller] % ReadEvery == 0)
        {
            await ReadAsync($"d{caller}", 2 * _done[caller]);
            await ReadAsync($"w{caller}", _done[caller]);
        }

        return requested;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (delegator, worker) in _pairs)
        {
            delegator.Dispose();
            worker.Dispose();
        }

        await _node.DisposeAsync();
    }

    private async Task ReadAsync(string agent, long seq) =>
        await _node.Actors.AskAsync(Kinds.AgentOf(new(agent)), new AgentCommand.AcknowledgeMail(seq), null, CancellationToken.None);

    private static async ValueTask SayAsync(HttpConnection http, int expected, string path, string json)
    {
        var found = await http.PostAsync(path, json);
        if (found != expected)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"Expected {expected}, found {found}: {System.Text.Encoding.UTF8.GetString(http.Body)}"));
        }
    }
}
