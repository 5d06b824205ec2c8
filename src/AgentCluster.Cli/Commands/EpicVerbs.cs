using System.CommandLine;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What people do with epics.</summary>
internal static class EpicVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) =>
        [List(verbs), Show(verbs), Create(verbs), Set(verbs), Progress(verbs), Search(verbs), Cancel(verbs), Delete(verbs)];

    private static Argument<string> Id() => new("EPIC") { Description = "The epic's id." };

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists epics.");
        var fields = new Fields(command)
            .Text("project", "--project", "Only this project's epics.")
            .Text("status", "--status", "Only epics of this status: planning, active, completed, failed or cancelled.")
            .Texts("tags", "--tag", "Only epics with this tag.")
            .Page();
        return verbs.Reads(command, parsed => fields.Query("/api/v1/epics/", parsed), Listings.Epics);
    }

    private static Command Show(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(new("show", "Shows one epic.") { id }, parsed => Caller.Path("epics", parsed.GetValue(id)!), Listings.Fields);
    }

    private static Command Create(Verbs verbs)
    {
        var command = new Command("create", "Creates an epic.");
        var fields = Described(new Fields(command)
            .Argument("title", "TITLE", "One line for people.")
            .Text("project", "--project", "The project it belongs to. Default: default."));
        return verbs.Writes(command, parsed => new(HttpMethod.Post, "/api/v1/epics/", fields.Read(parsed)), Listings.Fields);
    }

    private static Command Set(Verbs verbs)
    {
        var id = Id();
        var command = new Command("set", "Changes what is said, and leaves the rest. A budget is said as a whole.") { id };
        var fields = Described(new Fields(command).Text("title", "--title", "One line for people."))
            .Text("result_summary", "--result", "What came of it.")
            .Emptied();
        return verbs.Writes(
            command, parsed => new(HttpMethod.Patch, Caller.Path("epics", parsed.GetValue(id)!), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Progress(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(
            new("progress", "Counts its tasks and what they cost.") { id },
            parsed => Caller.Path("epics", parsed.GetValue(id)!, "progress"),
            Listings.Fields);
    }

    private static Command Search(Verbs verbs)
    {
        var command = new Command("search", "Finds epics by words and tags, with how such epics ended and what they cost.");
        var words = new Argument<string?>("WORDS") { Description = "Words of the description.", Arity = ArgumentArity.ZeroOrOne };
        command.Arguments.Add(words);
        var fields = new Fields(command).Texts("tags", "--tag", "A tag.").Page();
        return verbs.Reads(
            command,
            parsed => parsed.GetValue(words) is { } said
                ? $"{fields.Query("/api/v1/epics/search/", parsed)}&q={Uri.EscapeDataString(said)}"
                : fields.Query("/api/v1/epics/search/", parsed),
            Listings.Of("epics", "id", "status", "success_rate", "avg_cost", "title"));
    }

    private static Command Cancel(Verbs verbs)
    {
        var id = Id();
        var command = new Command("cancel", "Calls an epic off, with all its open tasks.") { id };
        var fields = new Fields(command).Text("reason", "--reason", "Why.");
        return verbs.Destroys(
            command,
            "calls off all open tasks of the epic, also those that are held",
            parsed => new(HttpMethod.Post, Caller.Path("epics", parsed.GetValue(id)!, "cancel"), fields.Read(parsed)),
            Listings.Fields);
    }

    private static Command Delete(Verbs verbs) => Deleting.Of(verbs, "epics", "Deletes epics.", "deletes epics", "EPIC");

    /// <summary>What can be said of an epic when it is created, and later.</summary>
    private static Fields Described(Fields fields) => fields
        .Text("description", "--description", "What it is for.")
        .Texts("tags", "--tag", "A tag.")
        .Text("priority", "--priority", "P0 (most urgent) to P4. Default: P2.")
        .Whole("budget.tokens", "--budget-tokens", "How many tokens of language models it may take; then nobody is granted another claim.")
        .Amount("budget.usd", "--budget-usd", "How many US dollars, in the same way.")
        .Json("metadata", "--metadata", "Anything of your own.");
}
