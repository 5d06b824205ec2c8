using System.CommandLine;
using System.Text.Json;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary>Where a command asks and where it answers.</summary>
/// <param name="Node">Asks the node.</param>
/// <param name="Screen">Shows the answer.</param>
internal sealed record Session(NodeClient Node, Screen Screen);

/// <summary>Makes commands that ask the node once and show what it says.</summary>
/// <param name="session">Reads the options that every command has.</param>
internal sealed class Verbs(Func<ParseResult, Session> session)
{
    /// <summary>Gives a command its deed.</summary>
    /// <param name="command">With its arguments and options.</param>
    /// <param name="ask">Asks the node.</param>
    /// <param name="listing">How the answer looks as rows.</param>
    public Command Doing(
        Command command, Func<NodeClient, ParseResult, CancellationToken, Task<NodeAnswer>> ask, Func<JsonElement, Listing> listing) =>
        Doing(command, ask, (_, answer) => listing(answer));

    /// <inheritdoc cref="Doing(Command, Func{NodeClient, ParseResult, CancellationToken, Task{NodeAnswer}}, Func{JsonElement, Listing})"/>
    public Command Doing(
        Command command,
        Func<NodeClient, ParseResult, CancellationToken, Task<NodeAnswer>> ask,
        Func<ParseResult, JsonElement, Listing> listing)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (node, screen) = session(parsed);
            try
            {
                var asked = await ask(node, parsed, cancellationToken);
                if (asked.Answer is { } answer)
                {
                    screen.Show(answer, shown => listing(parsed, shown));
                }
                else
                {
                    screen.Say(asked.Words!);
                }

                return asked.ExitCode;
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Interrupted;
            }
        });
        return command;
    }
}
