using System.CommandLine;
using System.Text.Json.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What a node writes to its log.</summary>
internal static class LogVerbs
{
    private const string Path = "/api/v1/node/log/";

    /// <summary><c>pbm log level</c>: shows it, or changes it until the node ends.</summary>
    public static Command Level(Verbs verbs)
    {
        var level = new Argument<string?>("LEVEL") { Description = "debug, information, warning or error. Default: it is only shown.", Arity = ArgumentArity.ZeroOrOne };
        level.CompletionSources.Add("debug", "information", "warning", "error");
        return verbs.Does(new("level", "Shows how much the node writes to its log, or changes it until the node ends.") { level }, async (parsed, session, cancellationToken) =>
        {
            var asked = parsed.GetValue(level) is { } wanted
                ? new NodeRequest(HttpMethod.Put, Path, new JsonObject { ["level"] = wanted })
                : new NodeRequest(HttpMethod.Get, Path);
            var (code, _) = await Verbs.AskAsync(session, asked, Listings.Fields, new(null), cancellationToken);
            return code;
        });
    }
}
