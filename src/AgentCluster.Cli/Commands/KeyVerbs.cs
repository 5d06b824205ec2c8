using System.CommandLine;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm key create | list | revoke | audit</c>.</summary>
internal static class KeyVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [Create(verbs), List(verbs), Revoke(verbs), Audit(verbs)];

    private static Command Create(Verbs verbs)
    {
        var command = new Command("create", "Issues a key and shows its secret, once.");
        var scopes = new Option<string[]?>("--scope")
        {
            Description = "What it may do, for example tasks:read; as often as needed.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var fields = new Fields(command)
            .Argument("name", "NAME", "What it is called, for people.")
            .Value(scopes, "scopes", Fields.ListOf)
            .Text("project", "--project", "The only project that it may touch.")
            .Text("agent", "--agent", "The only agent that it may act as.")
            .Whole("expires_in_seconds", "--expires-in", "After how many seconds it ends.");
        return verbs.Writes(command, parsed => new(HttpMethod.Post, "/api/v1/keys/", fields.Read(parsed)), Listings.Fields);
    }

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists keys, without their secrets.");
        var fields = new Fields(command).Page();
        return verbs.Reads(
            command, parsed => fields.Query("/api/v1/keys/", parsed), Listings.Of("keys", "id", "name", "scopes", "project", "agent", "expires_at"));
    }

    private static Command Revoke(Verbs verbs)
    {
        var id = new Argument<string>("ID") { Description = "The key's id." };
        return verbs.Writes(
            new("revoke", "Revokes a key: within a second no node takes it.") { id },
            parsed => new(HttpMethod.Delete, Caller.Path("keys", parsed.GetValue(id)!)),
            Listings.Fields);
    }

    private static Command Audit(Verbs verbs) => verbs.Reads(
        new("audit", "Shows who was refused what and who changed keys, newest first."),
        _ => "/api/v1/audit/",
        Listings.Of("entries", "last_at", "decision", "who", "what", "why", "from", "count", "request_id"));
}
