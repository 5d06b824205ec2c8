using System.CommandLine;
using System.Text.Json;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>Where a command asks and where it answers.</summary>
/// <param name="Target">The node.</param>
/// <param name="Screen">Shows the answer.</param>
/// <param name="Wrong">What of the options that every command has cannot be used; null when nothing.</param>
internal sealed record Session(Target Target, Screen Screen, string? Wrong);

/// <summary>What to say, and how to end, when a node did what was asked and has nothing to show.</summary>
/// <param name="Words">For people; null for none.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed record Silence(string? Words, int ExitCode = ExitCodes.Done);

/// <summary>Turns what a command means into what it does.</summary>
/// <param name="open">Reads the options that every command has.</param>
internal sealed class Verbs(Func<ParseResult, Session> open)
{
    /// <summary>A group of verbs.</summary>
    public static Command Group(string name, string description, params IEnumerable<Command> verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Subcommands.Add(verb);
        }

        return group;
    }

    /// <summary>A command that asks and changes nothing.</summary>
    public Command Reads(Command command, Func<ParseResult, string> path, Func<JsonElement, Listing> listing) =>
        Reads(command, path, (_, answer) => listing(answer));

    /// <inheritdoc cref="Reads(Command, Func{ParseResult, string}, Func{JsonElement, Listing})"/>
    public Command Reads(Command command, Func<ParseResult, string> path, Func<ParseResult, JsonElement, Listing> listing)
    {
        var watch = new Option<int?>("--watch") { Description = "Asks again every so many seconds, 1 to 3600, until it is interrupted or the node refuses.", HelpName = "SECONDS" };
        watch.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1 or > 3_600)
            {
                given.AddError("--watch: expected 1 to 3600 seconds.");
            }
        });
        command.Options.Add(watch);
        return Does(command, async (parsed, session, cancellationToken) =>
        {
            while (true)
            {
                var (code, _) = await AskAsync(session, new(HttpMethod.Get, path(parsed)), answer => listing(parsed, answer), new(null), cancellationToken);
                if (parsed.GetValue(watch) is not { } seconds || code != ExitCodes.Done)
                {
                    return code;
                }

                await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);
            }
        });
    }

    /// <summary>A command that changes something, once.</summary>
    /// <param name="command">What is said.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="listing">How the answer looks.</param>
    /// <param name="silence">When the node has nothing to show.</param>
    public Command Writes(
        Command command, Func<ParseResult, NodeRequest> request, Func<JsonElement, Listing> listing, Silence? silence = null) =>
        WritesFirst(command, parsed => [request(parsed)], listing, silence);

    /// <summary>Like <see cref="Writes"/>, for a name that may mean several things: the first one that there is.</summary>
    /// <param name="command">What is said.</param>
    /// <param name="requests">What is asked, one after the other until one is found; at least one.</param>
    /// <param name="listing">How the answer looks.</param>
    /// <param name="silence">When the node has nothing to show.</param>
    public Command WritesFirst(
        Command command, Func<ParseResult, IReadOnlyList<NodeRequest>> requests, Func<JsonElement, Listing> listing, Silence? silence = null)
    {
        var key = new Option<string?>("--idempotency-key")
        {
            Description = "Names this command, so that the same one said again does nothing twice. Default: a new one.",
            HelpName = "KEY",
        };
        command.Options.Add(key);
        return Does(command, async (parsed, session, cancellationToken) =>
        {
            var said = parsed.GetValue(key);
            var all = requests(parsed);
            for (var i = 0; ; i++)
            {
                var isLast = i == all.Count - 1;
                var (code, _) = await AskAsync(
                    session,
                    all[i] with { IdempotencyKey = said is null ? NodeRequest.NewKey() : i == 0 ? said : $"{said}-{i}" },
                    listing,
                    silence ?? new(null),
                    cancellationToken,
                    isLast ? null : ExitCodes.NotFound);
                if (isLast || code != ExitCodes.NotFound)
                {
                    return code;
                }
            }
        });
    }

    /// <summary>Like <see cref="Writes"/>, for what cannot be taken back: it must be meant.</summary>
    /// <param name="command">What is said.</param>
    /// <param name="what">What is lost, for people.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="listing">How the answer looks.</param>
    /// <param name="silence">When the node has nothing to show.</param>
    public Command Destroys(
        Command command, string what, Func<ParseResult, NodeRequest> request, Func<JsonElement, Listing> listing, Silence? silence = null)
    {
        var yes = new Option<bool>("--yes") { Description = "It is meant." };
        command.Options.Add(yes);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
            {
                result.AddError($"This {what}, and cannot be taken back. Say --yes if it is meant.");
            }
        });
        return Writes(command, request, listing, silence);
    }

    /// <summary>Any command.</summary>
    /// <param name="command">What is said.</param>
    /// <param name="run">Gives one of <see cref="ExitCodes"/>.</param>
    public Command Does(Command command, Func<ParseResult, Session, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var session = open(parsed);
            if (session.Wrong is { } wrong)
            {
                session.Screen.Say(wrong);
                return ExitCodes.Usage;
            }

            try
            {
                return await run(parsed, session, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Interrupted;
            }
            catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException)
            {
                session.Screen.Say("The node answered what this pbm does not know: it may be of another version. -o json shows the answer.");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    /// <summary>Asks the node and shows what it answers.</summary>
    /// <param name="session">Where.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="listing">How the answer looks; null to show none.</param>
    /// <param name="silence">When the node has nothing to show.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="quiet">The exit code of which nothing is said; null for none.</param>
    public static async Task<(int ExitCode, JsonElement? Answer)> AskAsync(
        Session session, NodeRequest request, Func<JsonElement, Listing>? listing, Silence silence, CancellationToken cancellationToken, int? quiet = null)
    {
        using var client = new NodeClient(session.Target, session.Screen.Say);
        var (exitCode, answer, words) = await client.SendAsync(request, cancellationToken);
        session.Screen.Say(exitCode == quiet ? [] : words);

        if (answer is { } shown)
        {
            if (listing is not null)
            {
                session.Screen.Show(shown, listing);
            }
        }
        else if (exitCode == ExitCodes.Done)
        {
            exitCode = silence.ExitCode;
            if (silence.Words is { } said)
            {
                session.Screen.Say(said);
            }
        }

        return (exitCode, answer);
    }
}
