using System.CommandLine;
using AgentCluster.Cli.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary>Follows what happens.</summary>
internal static class EventVerbs
{
    private static readonly string[] Columns = ["cursor", "at", "name", "channel", "data"];

    public static Command Tail(Verbs verbs)
    {
        var command = new Command("tail", "Shows events as they happen, a line each, until interrupted.");
        var fields = new Fields(command)
            .Texts("channels", "--channels", "For example epic:ID, agent:ID or project:P. Default: everything.")
            .Text("after", "--after", "Begin after this cursor, and miss nothing since. Default: now.");
        var count = new Option<int?>("--count") { Description = "End after so many events." };
        command.Options.Add(count);
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            var left = parsed.GetValue(count);
            var ended = await new EventFeed(session.Target).FollowAsync(
                fields.Query("/api/v1/events/", parsed),
                heard =>
                {
                    session.Screen.ShowLine(heard, [.. Columns.Select(field => Listings.At(heard, field))]);
                    return --left is not 0;
                },
                cancellationToken);
            session.Screen.Say(ended.Words);

            return ended.ExitCode;
        });
    }
}
