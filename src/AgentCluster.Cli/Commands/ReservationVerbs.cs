using System.CommandLine;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>Who may work on which paths.</summary>
internal static class ReservationVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Release(verbs)];

    public static Command Reserve(Verbs verbs)
    {
        var (repository, paths) = (Repository(), new Argument<string[]>("PATH") { Description = "Paths and patterns, as in src/**.", Arity = ArgumentArity.OneOrMore });
        var command = new Command("reserve", "Reserves paths for an agent, or gets it in line for them.") { repository, paths };
        var fields = new Fields(command)
            .Text("agent", "--agent", "Who works there.")
            .Text("mode", "--mode", "exclusive, or shared: then others may have it shared too. Default: exclusive.")
            .Whole("ttl_seconds", "--for", "How many seconds. Default: 1800.")
            .Text("task_id", "--task", "The task that it is for.")
            .Whole("token", "--token", "The claim's token: then it ends with the claim.");
        return verbs.Writes(
            command,
            parsed =>
            {
                var body = fields.Read(parsed);
                body["paths"] = Fields.ListOf(parsed.GetValue(paths)) ?? new JsonArray();
                return new(HttpMethod.Post, Caller.Path("repositories", parsed.GetValue(repository)!, "reservations"), body);
            },
            Listings.Fields);
    }

    private static Argument<string> Repository() => new("REPOSITORY") { Description = "A name that all who work on it use." };

    private static Command List(Verbs verbs)
    {
        var repository = Repository();
        var command = new Command("list", "Lists what is reserved, wanted and queued.") { repository };
        var fields = new Fields(command).Text("agent", "--agent", "Only of this agent.").Page();
        return verbs.Reads(
            command,
            parsed => fields.Query(Caller.Path("repositories", parsed.GetValue(repository)!, "reservations"), parsed),
            Listings.Of("reservations", "id", "status", "agent", "mode", "expires_at", "paths"));
    }

    private static Command Release(Verbs verbs)
    {
        var (repository, id) = (Repository(), new Argument<string>("RESERVATION") { Description = "Its id." });
        return verbs.Writes(
            new("release", "Gives a reservation back, or a want up; the next in line is told.") { repository, id },
            parsed => new NodeRequest(
                HttpMethod.Delete, Caller.Path("repositories", parsed.GetValue(repository)!, "reservations") + Uri.EscapeDataString(parsed.GetValue(id)!), null),
            Listings.Fields);
    }
}
