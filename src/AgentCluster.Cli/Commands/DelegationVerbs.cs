using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What agents ask of one another.</summary>
internal static class DelegationVerbs
{
    /// <summary>How delegations look as rows.</summary>
    public static Func<JsonElement, Output.Listing> Rows { get; } = Listings.Of("delegations", "id", "status", "from", "to", "age_seconds", "subject");

    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Show(verbs), Report(verbs), Cancel(verbs)];

    public static Command Delegate(Verbs verbs)
    {
        var to = new Argument<string>("TO") { Description = "An agent's id, or a role: then who has least to do of those with it." };
        var command = new Command("delegate", "Delegates something to an agent or to a role. [OFFLINE] is said at once; nothing is delegated then.") { to };
        var fields = new Fields(command)
            .Argument("text", "TEXT", "What is to be done.")
            .Value(MailVerbs.From("Who delegates: a registered agent."), "from", name => JsonValue.Create(name))
            .Text("subject", "--subject", "What it is about, in a line.")
            .Whole("timeout_seconds", "--within", "After how many seconds it has timed out. Default: a day.")
            .Flag("queue_if_offline", "--queue", "Put it into the mailbox even of an agent that is not there.")
            .Text("task_id", "--task", "The task that it is for.")
            .Text("parent_id", "--parent", "The delegation that it is a part of.")
            .Json("data", "--data", "Anything for programs.");
        return verbs.WritesFirst(
            command,
            parsed => [.. ((string[])["to", "role"]).Select(field => new NodeRequest(HttpMethod.Post, "/api/v1/delegations/", With(fields.Read(parsed), field, parsed.GetValue(to)!)))],
            Listings.Fields);
    }

    private static Argument<string> Id() => new("DELEGATION") { Description = "The delegation's id." };

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists delegations, oldest first.");
        var fields = new Fields(command)
            .Text("from", "--from", "Only of this delegator.")
            .Text("to", "--to", "Only to this agent.")
            .Text("status", "--status", "Only that stand like this, for example accepted.")
            .Flag("open", "--open", "Only that have not ended.")
            .Page();
        return verbs.Reads(command, parsed => fields.Query("/api/v1/delegations/", parsed), Rows);
    }

    private static Command Show(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(
            new("show", "Shows one delegation with its request and its result.") { id }, parsed => Caller.Path("delegations", parsed.GetValue(id)!), Listings.Fields);
    }

    private static Command Report(Verbs verbs)
    {
        var id = Id();
        var command = new Command("report", "Says how something stands that was delegated, or how it ended.") { id };
        var fields = new Fields(command)
            .Argument("status", "STATUS", "accepted, in_progress, completed, failed or declined.")
            .Text("note", "--note", "How it stands.")
            .Whole("progress", "--percent", "How much is done.")
            .Text("result", "--result", "What came of it.")
            .Json("data", "--data", "The same for programs.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("delegations", parsed.GetValue(id)!, "status"), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Cancel(Verbs verbs)
    {
        var id = Id();
        var command = new Command("cancel", "Calls off what was delegated.") { id };
        var fields = new Fields(command).Text("reason", "--reason", "Why.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("delegations", parsed.GetValue(id)!, "cancel"), fields.Read(parsed)), Listings.Fields);
    }

    private static JsonObject With(JsonObject body, string field, string value)
    {
        body[field] = value;
        return body;
    }
}
