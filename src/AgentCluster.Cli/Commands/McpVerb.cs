using System.CommandLine;
using AgentCluster.Cli.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary>The Model Context Protocol over stdin and stdout, for clients that start their servers: a thin shim to the node.</summary>
internal static class McpVerb
{
    /// <summary>Passes messages on until stdin ends.</summary>
    /// <param name="verbs">Runs it.</param>
    /// <param name="input">A message a line.</param>
    public static Command Of(Verbs verbs, TextReader input)
    {
        var noStart = new Option<bool>("--no-start") { Description = "Start no node where none runs." };
        return verbs.Does(
            new("mcp", "Speaks the Model Context Protocol on stdin and stdout, for the node at --node; starts one on this machine where none runs. See 'pbm setup'.") { noStart },
            async (parsed, session, cancellationToken) =>
            {
                if (session.Target.Options is not { } options)
                {
                    session.Screen.Say(NodeClient.WrongAddress(session.Target).Words[0]);
                    return ExitCodes.Usage;
                }

                if (!parsed.GetValue(noStart)
                    && await new LocalNode(options.Address).EnsureAsync(LocalNode.Program(), cancellationToken) is { } obstacle)
                {
                    session.Screen.Say(obstacle);
                }

                using var shim = new McpShim(options.Address, session.Target.Key, session.Screen.Write);
                await shim.RunAsync(input, cancellationToken);
                return ExitCodes.Done;
            });
    }
}
