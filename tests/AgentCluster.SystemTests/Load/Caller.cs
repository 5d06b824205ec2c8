using System.Collections.Concurrent;
using System.Text.Json;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Load;

/// <summary>Sends requests of many clients, and records each with its outcome.</summary>
internal sealed class Caller(History history)
{
    private readonly ConcurrentQueue<string> _violations = new();

    /// <summary>Answers that the contract does not know.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Counts the runs of the node.</summary>
    public int Run { get; set; } = 1;

    public async Task<Operation> SendAsync(NodeClient node, Request request, CancellationToken cancellationToken)
    {
        var invoked = history.Now();
        Operation operation;
        try
        {
            var answer = await node.SendAsync(HttpMethod.Post, request.Path, request.Body, request.Key, cancellationToken);
            operation = Record(request, invoked, Contract.Meaning(answer)) with { Answer = answer.ToString() };
            if (Contract.Violation(request.Verb, answer) is { } violation)
            {
                _violations.Enqueue(violation);
            }
            else if (operation.Outcome == Outcome.Done)
            {
                operation = Read(operation, answer.Json);
            }
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // No connection, so not a byte of it was sent.
            operation = Record(request, invoked, Outcome.NotDone);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            operation = Record(request, invoked, Outcome.Unknown);
        }

        history.Add(operation);
        return operation;
    }

    private Operation Record(Request request, long invoked, Outcome outcome) =>
        new(invoked, history.Now(), request.Verb, request.Key, outcome)
        {
            Run = Run,
            Agent = request.Agent,
            Title = request.Title,
            Task = request.Task,
            Token = request.Token,
        };

    private static Operation Read(Operation operation, JsonElement json) => operation.Verb switch
    {
        Verb.Create => operation with { Task = json.GetProperty("id").GetString() },
        Verb.Claim => operation with { Granted = ReadGrant(json) },
        Verb.CompleteAndClaim => operation with { Granted = ReadGrant(json.GetProperty("next")) },
        _ => operation,
    };

    private static Grant? ReadGrant(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : new(
        json.GetProperty("task").GetProperty("id").GetString()!,
        json.GetProperty("claim").GetProperty("agent").GetString()!,
        json.GetProperty("claim").GetProperty("token").GetInt64());
}
