using System.CommandLine;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What people do with tasks.</summary>
internal static class TaskVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) =>
        [List(verbs), Show(verbs), Create(verbs), Set(verbs), Cancel(verbs), Answer(verbs), History(verbs), Delete(verbs), .. ClaimVerbs.All(verbs)];

    /// <summary><c>pbm why</c>.</summary>
    public static Command Why(Verbs verbs)
    {
        var id = Id();
        var command = new Command("why", "Tells why a task is not ready, or not for an agent.") { id };
        var fields = new Fields(command).Text("agent", "--agent", "Whether this agent could claim it.");
        return verbs.Reads(command, parsed => fields.Query(Caller.Path("tasks", parsed.GetValue(id)!, "why"), parsed), Listings.Why);
    }

    /// <summary>The task that a verb is about.</summary>
    public static Argument<string> Id() => new("TASK") { Description = "The task's id." };

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists tasks.");
        var fields = new Fields(command)
            .Text("project", "--project", "Only this project's tasks.")
            .Text("epic_id", "--epic", "Only this epic's tasks.")
            .Text("status", "--status", "Only tasks of this status, for example pending or AVAILABLE.")
            .Texts("tags", "--tag", "Only tasks with this tag.")
            .Text("assignee", "--assignee", "Only tasks that are with this agent, or meant for it.")
            .Text("priority", "--priority", "Only tasks of this priority, P0 to P4.")
            .Text("text", "--text", "Only tasks whose title has this in it.")
            .Page();
        return verbs.Reads(command, parsed => fields.Query("/api/v1/tasks/", parsed), Listings.Tasks);
    }

    private static Command Show(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(new("show", "Shows one task.") { id }, parsed => Caller.Path("tasks", parsed.GetValue(id)!), Listings.Fields);
    }

    private static Command Create(Verbs verbs)
    {
        var command = new Command("create", "Creates a task.");
        var fields = Described(new Fields(command)
            .Argument("title", "TITLE", "One line for people.")
            .Text("project", "--project", "The project it belongs to. Default: default."));
        return verbs.Writes(command, parsed => new(HttpMethod.Post, "/api/v1/tasks/", fields.Read(parsed)), Listings.Fields);
    }

    private static Command Set(Verbs verbs)
    {
        var id = Id();
        var command = new Command("set", "Changes what is said, and leaves the rest.") { id };
        var fields = Described(new Fields(command).Text("title", "--title", "One line for people.")).Emptied();
        return verbs.Writes(
            command, parsed => new(HttpMethod.Patch, Caller.Path("tasks", parsed.GetValue(id)!), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Cancel(Verbs verbs)
    {
        var id = Id();
        var command = new Command("cancel", "Calls a task off, also one that is held.") { id };
        var fields = new Fields(command).Text("reason", "--reason", "Why.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("tasks", parsed.GetValue(id)!, "cancel"), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Answer(Verbs verbs)
    {
        var id = Id();
        var command = new Command("answer", "Answers what a parked task waits for; its holder goes on, or it returns to the queue.") { id };
        var fields = new Fields(command).Argument("answer", "ANSWER", "For whoever works on it.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("tasks", parsed.GetValue(id)!, "answer"), fields.Read(parsed)), Listings.Fields);
    }

    private static Command History(Verbs verbs)
    {
        var id = Id();
        var command = new Command("history", "Shows what happened to a task, oldest first.") { id };
        var fields = new Fields(command).Page();
        return verbs.Reads(
            command,
            parsed => fields.Query(Caller.Path("tasks", parsed.GetValue(id)!, "history"), parsed),
            Listings.Of("events", "at", "name", "data"));
    }

    private static Command Delete(Verbs verbs) => Deleting.Of(
        verbs, "tasks", "Deletes tasks.", "deletes tasks, also those that are held", "TASK");

    /// <summary>What can be said of a task when it is created, and later.</summary>
    private static Fields Described(Fields fields) => fields
        .Text("epic_id", "--epic", "The epic it belongs to.")
        .Text("description", "--description", "What is to be done.")
        .Text("type", "--type", "A word of your own, for example bug.")
        .Texts("tags", "--tag", "A tag.")
        .Text("priority", "--priority", "P0 (most urgent) to P4. Default: P2.")
        .Texts("acceptance_criteria", "--criterion", "What must be true when it is done.")
        .Texts("required_capabilities", "--capability", "What an agent must have to claim it.")
        .Texts("depends_on", "--depends-on", "A task that must be completed before.")
        .Texts("files", "--file", "A path or glob that it will touch.")
        .Text("reviewer", "--reviewer", "The agent that must accept it.")
        .Texts("required_evidence", "--evidence", "A kind of evidence that its completion must bring.")
        .Flag("manual_assignment", "--manual", "Only handed out by its id.")
        .Whole("max_attempts", "--max-attempts", "How many claims may end without completion. Default: 3.")
        .Text("deadline", "--deadline", "A time with an offset; shown, and nothing ends by it.")
        .Json("requirements", "--requirements", "Anything else that it needs.")
        .Json("metadata", "--metadata", "Anything of your own.");
}
