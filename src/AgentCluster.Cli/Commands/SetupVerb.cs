using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary>What to paste into a client, so that its agents find the node.</summary>
internal static class SetupVerb
{
    private static readonly Dictionary<string, (string File, Func<string, bool, string> Snippet)> Clients = new(StringComparer.Ordinal)
    {
        ["claude"] = (".mcp.json", (url, keyed) => Servers("mcpServers", Remote(url, keyed, "http"))),
        ["cursor"] = (".cursor/mcp.json", (url, keyed) => Servers("mcpServers", Remote(url, keyed, type: null))),
        ["vscode"] = (".vscode/mcp.json", (url, keyed) => Servers("servers", Remote(url, keyed, "http"))),
        ["codex"] = ("~/.codex/config.toml", (url, keyed) =>
            $"[mcp_servers.agentcluster]\nurl = \"{url}\"" + (keyed ? "\nbearer_token_env_var = \"AGENTCLUSTER_KEY\"" : "")),
        ["stdio"] = ("the client's list of servers", (url, _) => Servers("mcpServers", new()
        {
            ["command"] = "pbm",
            ["args"] = new JsonArray("mcp", "--node", url[..^"/mcp".Length]),
        })),
    };

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What each client calls the moment at which its agent stops, and where it looks for what to run then.
    private static readonly Dictionary<string, (string File, Func<string, JsonObject> Snippet)> Hooks = new(StringComparer.Ordinal)
    {
        ["claude"] = (".claude/settings.json", command => new()
        {
            ["hooks"] = new JsonObject
            {
                ["Stop"] = new JsonArray(new JsonObject { ["hooks"] = new JsonArray(new JsonObject { ["type"] = "command", ["command"] = command }) }),
            },
        }),
        ["cursor"] = (".cursor/hooks.json", command => new()
        {
            ["version"] = 1,
            ["hooks"] = new JsonObject { ["stop"] = new JsonArray(new JsonObject { ["command"] = command }) },
        }),
    };

    public static Command Of(Verbs verbs)
    {
        var client = new Option<string>("--client") { Description = "Which client; stdio for any that starts its servers.", HelpName = string.Join('|', Clients.Keys), Required = true };
        client.AcceptOnlyFromAmong([.. Clients.Keys]);
        var write = new Option<bool>("--write") { Description = "Write the file, where there is none yet, instead of printing it." };
        var hook = new Option<string?>("--hook") { Description = "Of this agent: what makes the client wake it when mail lies unread as it stops. For claude and cursor.", HelpName = "AGENT" };
        hook.Validators.Add(result =>
        {
            if (result.GetValue(hook) is { } agent && (!Hooks.ContainsKey(result.GetValue(client) ?? "") || !agent.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.')))
            {
                result.AddError($"--hook: expected an agent's id of letters, digits, '-', '_' and '.', and one of the clients {string.Join(", ", Hooks.Keys)}.");
            }
        });
        return verbs.Does(new("setup", "Prints what to paste into a client, so that its agents find the node.") { client, write, hook }, async (parsed, session, cancellationToken) =>
        {
            if (session.Target.Options is not { Address: var node })
            {
                session.Screen.Say(Nodes.NodeClient.WrongAddress(session.Target).Words[0]);
                return ExitCodes.Usage;
            }

            var (file, text) = parsed.GetValue(hook) is { } agent
                ? Hook(parsed.GetValue(client)!, agent, node)
                : Server(parsed.GetValue(client)!, session.Target);
            if (!parsed.GetValue(write))
            {
                session.Screen.Write(text);
                session.Screen.Say($"Goes into {file}. Then: connect, task_claim, delegate, inbox.");
                return ExitCodes.Done;
            }

            if (file.StartsWith('~') || file.Contains(' ', StringComparison.Ordinal) || File.Exists(file))
            {
                session.Screen.Say($"{file} is not written: it may hold more than this. Paste what 'pbm setup' prints without --write.");
                return ExitCodes.Conflict;
            }

            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await File.WriteAllTextAsync(file, text + "\n", cancellationToken);
            session.Screen.Say($"Wrote {file}.");
            return ExitCodes.Done;
        });
    }

    private static (string File, string Text) Server(string client, Nodes.Target target)
    {
        var (file, snippet) = Clients[client];
        return (file, snippet(target.Address.TrimEnd('/') + "/mcp", target.Key is not null));
    }

    private static (string File, string Text) Hook(string client, string agent, Uri node)
    {
        var (file, snippet) = Hooks[client];
        return (file, snippet($"pbm hook --client {client} --agent {agent} --node {node.GetLeftPart(UriPartial.Authority)}").ToJsonString(Readable));
    }

    private static string Servers(string key, JsonObject server) =>
        new JsonObject { [key] = new JsonObject { ["agentcluster"] = server } }.ToJsonString(Readable);

    /// <summary>A key is never written into a file: the client reads it from the environment.</summary>
    private static JsonObject Remote(string url, bool keyed, string? type)
    {
        JsonObject server = [];
        if (type is not null)
        {
            server["type"] = type;
        }

        server["url"] = url;
        if (keyed)
        {
            server["headers"] = new JsonObject { ["Authorization"] = "Bearer ${AGENTCLUSTER_KEY}" };
        }

        return server;
    }
}
