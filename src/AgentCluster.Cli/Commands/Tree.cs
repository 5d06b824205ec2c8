using System.CommandLine;
using System.Text.Json;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary>The commands: <c>pbm &lt;group&gt; &lt;verb&gt;</c>.</summary>
/// <param name="verbs">Makes commands that ask the node once.</param>
internal sealed class Tree(Verbs verbs)
{
    public RootCommand Root()
    {
        var root = new RootCommand("Looks into an AgentCluster node.");
        root.Subcommands.Add(Status());
        root.Subcommands.Add(Group("task", "Tasks.", TaskList(), TaskShow()));
        root.Subcommands.Add(Group("actor", "Actors.", ActorInspect()));
        root.Subcommands.Add(Group("config", "The node's configuration.", ConfigShow()));
        root.Subcommands.Add(new KeyVerbs(verbs).Group());
        return root;
    }

    private Command Status() => Asking(new("status", "What the node carries."), _ => "/api/v1/cluster/status/", Listings.Fields);

    private Command TaskList()
    {
        var project = new Option<string?>("--project") { Description = "Only this project's tasks." };
        var status = new Option<string?>("--status") { Description = "Only tasks of this status, for example pending or AVAILABLE." };
        var limit = new Option<int>("--limit") { Description = "How many, 1 to 200.", DefaultValueFactory = _ => 50 };
        var offset = new Option<int>("--offset") { Description = "How many to pass over first." };
        var command = new Command("list", "Lists tasks.") { project, status, limit, offset };
        return Asking(
            command,
            parsed => Query.Of(
                "/api/v1/tasks/",
                ("project", parsed.GetValue(project)),
                ("status", parsed.GetValue(status)),
                ("limit", Query.Number(parsed.GetValue(limit))),
                ("offset", Query.Number(parsed.GetValue(offset)))),
            Listings.Tasks);
    }

    private Command TaskShow()
    {
        var id = new Argument<string>("ID") { Description = "The task's id." };
        return Asking(
            new("show", "Shows one task.") { id },
            parsed => $"/api/v1/tasks/{Uri.EscapeDataString(parsed.GetValue(id)!)}/",
            Listings.Fields);
    }

    private Command ActorInspect()
    {
        var actor = new Argument<string>("ACTOR") { Description = "Kind and name: registry/default." };
        actor.Validators.Add(result =>
        {
            if (result.GetValue(actor) is not { } text || text.IndexOf('/', StringComparison.Ordinal) is var slash && (slash < 1 || slash == text.Length - 1))
            {
                result.AddError("Expected kind/name, for example registry/default.");
            }
        });
        return Asking(
            new("inspect", "Shows what can be seen of one actor.") { actor },
            parsed => parsed.GetValue(actor)!.Split('/', 2) is [var kind, var name]
                ? $"/api/v1/cluster/actors/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(name)}/"
                : string.Empty,
            Listings.Fields);
    }

    private Command ConfigShow()
    {
        var origin = new Option<bool>("--origin") { Description = "Also where each value was said." };
        return Asking(
            new("show", "Shows what the node is set to.") { origin },
            _ => "/api/v1/cluster/config/",
            (parsed, answer) => Listings.Config(answer, parsed.GetValue(origin)));
    }

    private static Command Group(string name, string description, params Command[] verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Subcommands.Add(verb);
        }

        return group;
    }

    private Command Asking(Command command, Func<ParseResult, string> path, Func<JsonElement, Listing> listing) =>
        Asking(command, path, (_, answer) => listing(answer));

    private Command Asking(Command command, Func<ParseResult, string> path, Func<ParseResult, JsonElement, Listing> listing) =>
        verbs.Doing(command, (node, parsed, cancellationToken) => node.GetAsync(path(parsed), cancellationToken), listing);
}
