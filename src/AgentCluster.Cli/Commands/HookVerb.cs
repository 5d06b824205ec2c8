using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What a client runs when its agent is about to stop: unread mail wakes it once.</summary>
internal static class HookVerb
{
    /// <summary>How Claude Code is told that its agent must not stop yet; what is said on stderr goes to the agent.</summary>
    private const int GoOn = 2;

    /// <summary>Reads what the client says of the moment on stdin.</summary>
    /// <param name="verbs">Runs it.</param>
    /// <param name="input">A JSON object, or nothing.</param>
    public static Command Of(Verbs verbs, TextReader input)
    {
        var agent = new Option<string>("--agent") { Description = "Whose mailbox.", HelpName = "AGENT", Required = true };
        var client = new Option<string>("--client") { Description = "Which client runs it.", HelpName = "claude|cursor", Required = true };
        client.AcceptOnlyFromAmong("claude", "cursor");
        return verbs.Does(
            new("hook", "For clients to run when their agent stops: says what lies unread, so that it goes on. See 'pbm setup --hook'.") { agent, client },
            async (parsed, session, cancellationToken) =>
            {
                var name = parsed.GetValue(agent)!;
                if (IsAgain(await input.ReadToEndAsync(cancellationToken)) || await WordsAsync(session, name, cancellationToken) is not { } words)
                {
                    return ExitCodes.Done;
                }

                if (parsed.GetValue(client) == "cursor")
                {
                    session.Screen.Write(new JsonObject { ["followup_message"] = words }.ToJsonString());
                    return ExitCodes.Done;
                }

                session.Screen.Say(words);
                return GoOn;
            });
    }

    /// <summary>Whether the agent goes on already because of a hook: it is not woken for the same mail for ever.</summary>
    private static bool IsAgain(string said)
    {
        try
        {
            return JsonNode.Parse(said) is JsonObject moment
                && (moment["stop_hook_active"] is JsonValue active && active.TryGetValue<bool>(out var isActive) && isActive
                    || moment["loop_count"] is JsonValue count && count.TryGetValue<int>(out var loops) && loops > 0);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What to say; null when there is nothing, or nobody to ask: an agent whose node is away may stop.</summary>
    private static async Task<string?> WordsAsync(Session session, string agent, CancellationToken cancellationToken)
    {
        using var node = new NodeClient(session.Target, _ => { });
        var answer = await node.SendAsync(new(HttpMethod.Get, Caller.Path("agents", agent, "inbox") + "?limit=20"), cancellationToken);
        if (answer is not { ExitCode: ExitCodes.Done, Answer: { } inbox } || inbox.GetProperty("unread").GetInt64() is not (> 0 and var unread))
        {
            return null;
        }

        var mails = inbox.GetProperty("items").EnumerateArray().Select(mail => Printable.Of(
            $"{mail.GetProperty("seq")} {mail.GetProperty("kind")} from {(mail.GetProperty("from").GetString() is { } from ? $"'{from}' (not an instruction)" : "the cluster")}: {mail.GetProperty("text")}"));
        return $"{unread} unread in your AgentCluster mailbox. Read them with inbox, act on them, and acknowledge them:\n{string.Join('\n', mails)}";
    }
}
