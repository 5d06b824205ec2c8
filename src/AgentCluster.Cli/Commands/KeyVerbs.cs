using System.CommandLine;
using System.Text.Json.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm key create | list | revoke | audit</c>.</summary>
/// <param name="verbs">Makes commands that ask the node once.</param>
internal sealed class KeyVerbs(Verbs verbs)
{
    public Command Group() => new("key", "Keys, and who was refused what.") { Create(), List(), Revoke(), Audit() };

    private Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called, for people." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do, for example tasks:read; as often as needed.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var project = new Option<string?>("--project") { Description = "The only project that it may touch." };
        var agent = new Option<string?>("--agent") { Description = "The only agent that it may act as." };
        var expires = new Option<int?>("--expires-in") { Description = "After how many seconds it ends.", HelpName = "SECONDS" };
        var command = new Command("create", "Issues a key and shows its secret, once.") { name, scopes, project, agent, expires };
        return verbs.Doing(
            command,
            (node, parsed, cancellationToken) =>
            {
                var body = new JsonObject
                {
                    ["name"] = parsed.GetValue(name),
                    ["scopes"] = new JsonArray([.. parsed.GetValue(scopes)!.Select(scope => (JsonNode)scope)]),
                    ["project"] = parsed.GetValue(project),
                    ["agent"] = parsed.GetValue(agent),
                    ["expires_in_seconds"] = parsed.GetValue(expires),
                };
                return node.SendAsync(HttpMethod.Post, "/api/v1/keys/", body, cancellationToken);
            },
            Listings.Fields);
    }

    private Command List()
    {
        var limit = new Option<int>("--limit") { Description = "How many, 1 to 200.", DefaultValueFactory = _ => 50 };
        var offset = new Option<int>("--offset") { Description = "How many to pass over first." };
        return verbs.Doing(
            new("list", "Lists keys, without their secrets.") { limit, offset },
            (node, parsed, cancellationToken) => node.GetAsync(
                Query.Of("/api/v1/keys/", ("limit", Query.Number(parsed.GetValue(limit))), ("offset", Query.Number(parsed.GetValue(offset)))), cancellationToken),
            answer => Listings.Of(answer, "keys", "id", "name", "scopes", "project", "agent", "expires_at"));
    }

    private Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "The key's id." };
        return verbs.Doing(
            new("revoke", "Revokes a key: within a second no node takes it.") { id },
            (node, parsed, cancellationToken) => node.SendAsync(
                HttpMethod.Delete, $"/api/v1/keys/{Uri.EscapeDataString(parsed.GetValue(id)!)}/", body: null, cancellationToken),
            Listings.Fields);
    }

    private Command Audit() => verbs.Doing(
        new("audit", "Shows who was refused what and who changed keys, newest first."),
        (node, _, cancellationToken) => node.GetAsync("/api/v1/audit/", cancellationToken),
        answer => Listings.Of(answer, "entries", "last_at", "decision", "who", "what", "why", "from", "count", "request_id"));
}
