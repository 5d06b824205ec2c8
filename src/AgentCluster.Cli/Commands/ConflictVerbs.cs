using System.CommandLine;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What gets in each other's way.</summary>
internal static class ConflictVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Show(verbs), Resolve(verbs)];

    private static Argument<string> Id() => new("CONFLICT") { Description = "The conflict's id." };

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists conflicts, newest first.");
        var fields = new Fields(command)
            .Text("status", "--status", "Only that stand like this: open, escalated or resolved.")
            .Text("type", "--type", "Only of this type, for example resource_contention.")
            .Text("severity", "--severity", "Only as bad as this: low, medium, high or critical.")
            .Text("repository", "--repo", "Only in this repository.")
            .Text("agent", "--agent", "Only that this agent is part of.")
            .Page();
        return verbs.Reads(
            command,
            parsed => fields.Query("/api/v1/conflicts/", parsed),
            Listings.Of("conflicts", "id", "status", "severity", "type", "agents", "resource=context.resource", "by=resolved_by"));
    }

    private static Command Show(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(new("show", "Shows a conflict and everything that was tried about it.") { id }, parsed => Caller.Path("conflicts", parsed.GetValue(id)!), Listings.Conflict);
    }

    private static Command Resolve(Verbs verbs)
    {
        var id = Id();
        var command = new Command("resolve", "Says what was decided about a conflict.") { id };
        var fields = new Fields(command)
            .Argument("resolution", "DECISION", "What was decided; of contradicting decisions the one that holds.")
            .Text("by", "--by", "Who decided.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("conflicts", parsed.GetValue(id)!, "resolve"), fields.Read(parsed)), Listings.Conflict);
    }
}
