using System.CommandLine;
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

    public static Command Of(Verbs verbs)
    {
        var client = new Option<string>("--client") { Description = "Which client; stdio for any that starts its servers.", HelpName = string.Join('|', Clients.Keys), Required = true };
        client.AcceptOnlyFromAmong([.. Clients.Keys]);
        var write = new Option<bool>("--write") { Description = "Write the file, where there is none yet, instead of printing it." };
        return verbs.Does(new("setup", "Prints what to paste into a client, so that its agents find the node.") { client, write }, async (parsed, session, cancellationToken) =>
        {
            var (file, snippet) = Clients[parsed.GetValue(client)!];
            var text = snippet(session.Target.Address.TrimEnd('/') + "/mcp", session.Target.Key is not null);
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

    private static string Servers(string key, JsonObject server) =>
        new JsonObject { [key] = new JsonObject { ["agentcluster"] = server } }.ToJsonString(new() { WriteIndented = true });

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
