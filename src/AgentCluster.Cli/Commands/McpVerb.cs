using System.CommandLine;
using AgentCluster.Cli.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary>The Model Context Protocol over stdin and stdout, for clients that start their servers: a thin shim to the node.</summary>
internal static class McpVerb
{
    /// <summary>Passes messages on until stdin ends.</summary>
    /// <param name="verbs">Runs it.</param>
    /// <param name="input">A message a line.</param>
    public static Command Of(Verbs verbs, TextReader input) => verbs.Does(
        new("mcp", "Speaks the Model Context Protocol on stdin and stdout, for the node at --node. For clients that start their servers; see 'pbm setup'."),
        async (_, session, cancellationToken) =>
        {
            if (session.Target.Options is not { } options)
            {
                session.Screen.Say(NodeClient.WrongAddress(session.Target).Words[0]);
                return ExitCodes.Usage;
            }

            using var shim = new McpShim(options.Address, session.Target.Key, session.Screen.Write);
            await shim.RunAsync(input, cancellationToken);
            return ExitCodes.Done;
        });
}
