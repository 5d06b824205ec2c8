using System.Buffers;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Delegations;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using McpTool = ModelContextProtocol.Protocol.Tool;

namespace AgentCluster.Bridge.Mcp;

/// <summary>
/// Calls tools: turns arguments into the request of an operation, runs it under the same guards as HTTP does, and shows what it
/// answers, with what lies unread in the mailbox of whoever acts. A refusal is a result that says what to do next.
/// </summary>
internal sealed class ToolCalls
{
    private const int DefaultAwaitSeconds = 50;
    private const int MostNews = 5;
    private static readonly HashSet<string> Common = ["agent", "handle", "idempotency_key"];

    private readonly Dictionary<string, Route> _routes;
    private readonly HashSet<string> _namingAgents;
    private readonly BridgeParts _parts;
    private readonly ILogger _log;
    private readonly MailQueries _mail;

    /// <param name="routes">All that HTTP offers.</param>
    /// <param name="parts">What guards and routes share.</param>
    /// <param name="log">Hears of bugs.</param>
    public ToolCalls(IReadOnlyList<Route> routes, BridgeParts parts, ILogger log)
    {
        (_parts, _log, _mail) = (parts, log, new(parts.Ports.Rows));
        _routes = routes.Where(route => route.Operation is IAskable).ToDictionary(route => route.Operation.Name, StringComparer.Ordinal);
        _namingAgents = [.. _routes.Values.Where(route => route.Operation.Describe().Properties.Any(property => property.Name == "agent")).Select(route => route.Operation.Name)];
        Described = [.. Tools.All.Select(tool => ToolSchemas.Describe(tool, _routes))];
    }

    /// <summary>Every tool, in order.</summary>
    public IReadOnlyList<McpTool> Described { get; }

    /// <summary>Calls a tool.</summary>
    /// <param name="name">Which.</param>
    /// <param name="arguments">As they came.</param>
    /// <param name="context">The HTTP request that brought it.</param>
    /// <param name="gone">Signalled when nobody waits any more.</param>
    /// <exception cref="McpProtocolException">There is no such tool.</exception>
    public async ValueTask<CallToolResult> CallAsync(string name, IDictionary<string, JsonElement> arguments, HttpContext context, CancellationToken gone)
    {
        var tool = Tools.All.FirstOrDefault(tool => tool.Name == name)
            ?? throw new McpProtocolException($"Unknown tool: '{Faults.Shown(name)}'. tools/list shows those that there are.", McpErrorCode.InvalidParams);
        var (call, wrong) = await ReadAsync(arguments, context, gone);
        return wrong is not null ? ToolResults.Refused(wrong) : await AnsweredAsync(async () => await RunAsync(tool, arguments, call), context);
    }

    /// <summary>Asks an operation that reads, for a resource.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="context">The HTTP request that brought it.</param>
    /// <param name="gone">Signalled when nobody waits any more.</param>
    /// <returns>The answer as JSON, and whether it is a refusal.</returns>
    public async ValueTask<(string Json, bool IsRefused)> ReadResourceAsync(string operation, string subject, HttpContext context, CancellationToken gone)
    {
        var call = new Call(subject, string.Empty, Gate.WhoOf(context), null, default, null, new(context), gone);
        var answered = await AnsweredAsync(
            async () => ToolResults.Shown(await AskAsync(_routes[operation], "{}"u8.ToArray(), call), unread: null, []), context);
        return (((TextContentBlock)answered.Content[^1]).Text, answered.IsError == true);
    }

    private async ValueTask<CallToolResult> AnsweredAsync(Func<ValueTask<CallToolResult>> run, HttpContext context)
    {
        try
        {
            return await run();
        }
        catch (ActorUnavailableException refused) when (refused.Elsewhere is { } node)
        {
            return ToolResults.Refused(Unanswered.NotDone(ProblemKind.Unavailable, $"Another node has it now: call the same tool at {node}/mcp.", retryAfter: 1));
        }
        catch (Exception thrown) when (Unanswered.TryMap(thrown, out var problem))
        {
            return ToolResults.Refused(problem);
        }
#pragma warning disable CA1031 // Whatever it is, whoever calls hears of it in the same way as over HTTP, and the log says the rest.
        catch (Exception bug) when (bug is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _log.ToolFailed(bug, context.TraceIdentifier);
            return ToolResults.Refused(new(ProblemKind.Internal, "It is in the node's log under this request id.", ("request_id", context.TraceIdentifier)));
        }
    }

    /// <summary>Who calls, and the key of the call.</summary>
    private async ValueTask<(Call Call, Problem? Wrong)> ReadAsync(IDictionary<string, JsonElement> arguments, HttpContext context, CancellationToken gone)
    {
        var who = Gate.WhoOf(context);
        var (handle, wrong) = Text(arguments, "handle", 1_000, null);
        var (agent, noAgent) = Text(arguments, "agent", Bounds.NameLength, Forms.Name);
        var (key, noKey) = Text(arguments, "idempotency_key", RequestHead.LongestKey, null);
        wrong ??= noAgent ?? noKey;
        if (wrong is null && handle is not null)
        {
            var (found, _) = await _parts.Callers().WhoAsync(new(handle));
            wrong = found is null ? new(ProblemKind.Unauthorized, "The handle is not an agent's current one. connect with rotate makes a new one.") : null;
            who = found ?? who;
        }

        if (wrong is null && agent is not null && who.Agent is { } only && only != agent)
        {
            wrong = new(ProblemKind.Forbidden, $"The handle or key is of '{only}', who cannot act as '{Faults.Shown(agent)}'.");
        }

        wrong ??= key?.AsSpan().ContainsAnyExceptInRange('!', '~') == true
            ? Problem.Invalid("idempotency_key", "must be 1 to 255 printable ASCII characters without spaces.")
            : null;
        return (new(string.Empty, string.Empty, who, key, default, null, new(context), gone), wrong);
    }

    private async ValueTask<CallToolResult> RunAsync(Tool tool, IDictionary<string, JsonElement> arguments, Call call)
    {
        var use = tool.Uses.First(use => use.IsMeant(arguments));
        var route = _routes[use.Operation];
        if (use.Subject is { } named)
        {
            var (subject, wrong) = Text(arguments, named, route.Forms[0].Longest, route.Forms[0]);
            if (wrong is not null || subject is null)
            {
                return ToolResults.Refused(wrong ?? Problem.Invalid(named, "must be named; it is missing."));
            }

            call = call with { Subject = subject };
        }

        var agent = arguments.TryGetValue("agent", out var said) ? said.GetString() : call.Caller;
        if (agent is not null)
        {
            _parts.Signs.Seen(agent);
        }

        if (tool.Name == "inbox" && arguments.TryGetValue("ack", out var ack)
            && await AskAsync(_routes["agent_inbox_ack"], ToolResults.Written(json => Acknowledgement(json, ack)), call) is { Problem: { } notRead })
        {
            return ToolResults.Refused(notRead);
        }

        var body = ToolResults.Written(json => Write(json, tool, use, arguments, _namingAgents.Contains(use.Operation)));
        if (call.Key is not null)
        {
            var path = route.Variables is [var variable, ..] ? route.Path.Replace($"{{{variable.Name}}}", call.Subject, StringComparison.Ordinal) : route.Path;
            call = call with { Payload = Payload.Hash(route.Method, path, null, new(body)) };
        }

        var answer = await AskAsync(route, body, call);
        if (tool.Name == "spawn_and_await" && agent is not null)
        {
            answer = answer.Body switch
            {
                ReceiptBody { Made.Delegation.Id: var id } => await AwaitAsync(agent, "delegation_show", id.Value, Patience(arguments), call, answer),
                TaskBody { Task.Id: var id } => await AwaitAsync(agent, "task_show", id.Value, Patience(arguments), call, answer),
                _ => answer,
            };
        }

        return answer.Problem is { } problem ? ToolResults.Refused(problem) : await ShownAsync(answer, agent, call, withNews: tool.Name != "inbox");
    }

    private async ValueTask<Answer> AskAsync(Route route, byte[] body, Call call) => call.Who.May(route.Operation.Scope)
        ? await ((IAskable)route.Operation).AskAsync(new(body), call, _parts.Reach)
        : new Problem(
            ProblemKind.Forbidden,
            $"Expected a caller with the scope {route.Operation.Scope.Word()}; {call.Who.Name} has not.",
            ("scope", route.Operation.Scope.Word()));

    /// <summary>Waits for the end of a delegation or a task, and shows it as it is then.</summary>
    /// <returns>As it was made, when it cannot be shown: made it is.</returns>
    private async ValueTask<Answer> AwaitAsync(string agent, string show, string id, TimeSpan patience, Call call, Answer made)
    {
        call = call with { Subject = id, Key = null };
        try
        {
            var began = _parts.Ports.Clock.GetTimestamp();
            long last = 0;
            while (true)
            {
                // What comes while it is read has a later place than this, so it is not waited past.
                if ((await _parts.Waiting.EndAsync(agent, after: 0, TimeSpan.Zero, call.Gone)).Reply is MailboxReply.Found found)
                {
                    last = found.Last;
                }

                var shown = await AskAsync(_routes[show], "{}"u8.ToArray(), call);
                var left = patience - _parts.Ports.Clock.GetElapsedTime(began);
                if (!IsOpen(shown) || left <= TimeSpan.Zero || (await _parts.Waiting.EndAsync(agent, last, left, call.Gone)).Refused is not null)
                {
                    return shown.Problem is null ? shown : made;
                }
            }
        }
        catch (Exception thrown) when (Unanswered.TryMap(thrown, out _))
        {
            return made;
        }
    }

    private static bool IsOpen(Answer shown) => shown.Body switch
    {
        DelegationBody body => body.Delegation.Status.IsOpen(),
        TaskBody body => body.Task.Status.IsOpen(),
        _ => false,
    };

    /// <summary>What was done is shown whether or not the mailbox can be read now.</summary>
    private async ValueTask<CallToolResult> ShownAsync(Answer answer, string? agent, Call call, bool withNews)
    {
        try
        {
            return await WithMailAsync(answer, agent, call, withNews);
        }
        catch (Exception thrown) when (Unanswered.TryMap(thrown, out _))
        {
            return ToolResults.Shown(answer, ToolResults.Unreadable, []);
        }
    }

    private async ValueTask<CallToolResult> WithMailAsync(Answer answer, string? agent, Call call, bool withNews)
    {
        if (agent is null || !call.Who.May(Scope.MessagesRead)
            || await _parts.Ports.Actors.AskAsync(Kinds.AgentOf(new(agent)), new AgentCommand.ReadMailbox(), id: null, CancellationToken.None) is not MailboxReply.Found mailbox)
        {
            return ToolResults.Shown(answer, unread: 0, []);
        }

        var unread = mailbox.Last - mailbox.Acknowledged;
        var news = unread > 0 && withNews
            ? (await _mail.ListAsync(new(agent), mailbox.Acknowledged, Bounds.PageLength, call.Gone)).Where(ToolResults.IsResult).Take(MostNews)
            : [];
        return ToolResults.Shown(answer, unread, [.. news]);
    }

    private static (string? Text, Problem? Wrong) Text(IDictionary<string, JsonElement> arguments, string name, int longest, TextForm? form)
    {
        if (!arguments.TryGetValue(name, out var said) || said.ValueKind == JsonValueKind.Null)
        {
            return (null, null);
        }

        if (said.ValueKind != JsonValueKind.String || said.GetString() is not { Length: > 0 } text || text.Length > longest || !Storable.IsText(text))
        {
            return (null, Problem.Invalid(name, FormattableString.Invariant($"must be a text of 1 to {longest} characters.")));
        }

        return form?.Wrong(text) is { } wrong ? (null, Problem.Invalid(name, wrong)) : (text, null);
    }

    private static TimeSpan Patience(IDictionary<string, JsonElement> arguments) => TimeSpan.FromSeconds(
        arguments.TryGetValue("await_seconds", out var said) && said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out var seconds)
            ? Math.Clamp(seconds, 0, 60)
            : DefaultAwaitSeconds);

    private static void Acknowledgement(Utf8JsonWriter json, JsonElement seq)
    {
        json.WriteStartObject();
        json.WritePropertyName("seq"u8);
        seq.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The request of the operation: what is not the tool's own, under the operation's names.</summary>
    private static void Write(Utf8JsonWriter json, Tool tool, Use use, IDictionary<string, JsonElement> arguments, bool hasAgent)
    {
        json.WriteStartObject();
        foreach (var (name, value) in arguments)
        {
            if (name == "agent" && (use.Agent is not null || (hasAgent && use.Subject != "agent")))
            {
                json.WritePropertyName(use.Agent ?? name);
                value.WriteTo(json);
            }
            else if (!Common.Contains(name) && name != use.Subject && name != use.Watcher && !tool.Own.Any(field => field.Name == name))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }

        if (use.Watcher is { } list && arguments.TryGetValue("agent", out var watcher))
        {
            json.WriteStartArray(list);
            watcher.WriteTo(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
