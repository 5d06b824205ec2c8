using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What people say to agents, and what lies in an agent's mailbox.</summary>
internal static class MailVerbs
{
    private static Func<JsonElement, Output.Listing> Mail { get; } = Listings.Of("mails", "seq", "kind", "from", "delegation_id", "status", "text");

    /// <summary>To an agent of that name, else to all who have a role of that name.</summary>
    public static Command Send(Verbs verbs)
    {
        var to = new Argument<string>("TO") { Description = "An agent's id, or a role: then everybody who has it." };
        var command = new Command("send", "Puts a message into the mailbox of an agent, or of each that has a role.") { to };
        var fields = new Fields(command)
            .Argument("text", "TEXT", "What to say.")
            .Value(From("Who says it."), "from", name => JsonValue.Create(name))
            .Text("subject", "--subject", "What it is about, in a line.")
            .Text("thread_id", "--thread", "Joins what belongs together.")
            .Text("importance", "--importance", "low, normal, high or urgent.")
            .Flag("ack_required", "--ack-required", "Say that it is to be acknowledged.")
            .Json("data", "--data", "Anything for programs.");
        return verbs.WritesFirst(
            command,
            parsed => [.. ((string[])["agents", "roles"]).Select(collection => new NodeRequest(
                HttpMethod.Post, Caller.Path(collection, parsed.GetValue(to)!, "messages"), fields.Read(parsed)))],
            Listings.Fields);
    }

    public static Command Inbox(Verbs verbs)
    {
        var agent = new Argument<string>("AGENT") { Description = "Whose mailbox." };
        var wait = new Option<int>("--wait") { Description = "How many seconds to wait for mail where there is none, up to 60.", HelpName = "SECONDS" };
        var ack = new Option<bool>("--ack") { Description = "Acknowledge what is shown: it is not unread any more." };
        var command = new Command("inbox", "Shows an agent's mail: what is unread, or all after a place.") { agent };
        var fields = new Fields(command)
            .Whole("after", "--after", "After which place. Default: what was acknowledged.")
            .Whole("limit", "--limit", "How many, 1 to 200.")
            .Value(wait, "wait_seconds", seconds => seconds == 0 ? null : JsonValue.Create(seconds));
        command.Options.Add(ack);
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            var patient = session with { Target = session.Target.Plus(TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(wait), 0, 60))) };
            var path = Caller.Path("agents", parsed.GetValue(agent)!, "inbox");
            var (code, answer) = await Verbs.AskAsync(
                patient, new(HttpMethod.Get, fields.Query(path, parsed)), Mail, new(null), cancellationToken);
            return code == ExitCodes.Done && parsed.GetValue(ack) && answer is { } shown && shown.GetProperty("items").GetArrayLength() > 0
                ? (await Verbs.AskAsync(
                    session,
                    new(HttpMethod.Post, path + "ack/", new JsonObject { ["seq"] = shown.GetProperty("cursor").GetInt64() }) { IdempotencyKey = NodeRequest.NewKey() },
                    listing: null,
                    new(null),
                    cancellationToken)).ExitCode
                : code;
        });
    }

    /// <summary>Who speaks: whoever is logged in, where nobody is named.</summary>
    public static Option<string> From(string description) => new("--from")
    {
        Description = description + " Default: your login name.",
        HelpName = "AGENT",
        DefaultValueFactory = _ => Environment.UserName,
    };
}
