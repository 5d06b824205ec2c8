using System.CommandLine;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What people and agents do with registrations.</summary>
internal static class AgentVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Show(verbs), Register(verbs), Heartbeat(verbs), Delete(verbs)];

    private static Argument<string> Id() => new("AGENT") { Description = "The agent's id." };

    private static Command List(Verbs verbs)
    {
        var command = new Command("list", "Lists agents.");
        var fields = new Fields(command)
            .Text("role", "--role", "Only agents of this role.")
            .Text("capability", "--capability", "Only agents that can do this.")
            .Text("presence", "--presence", "Only agents that are idle, busy or offline.")
            .Page();
        return verbs.Reads(command, parsed => fields.Query("/api/v1/agents/", parsed), Listings.Agents);
    }

    private static Command Show(Verbs verbs)
    {
        var id = Id();
        return verbs.Reads(new("show", "Shows one agent.") { id }, parsed => Caller.Path("agents", parsed.GetValue(id)!), Listings.Fields);
    }

    private static Command Register(Verbs verbs)
    {
        var id = Id();
        var command = new Command(
            "register", "Registers an agent, or replaces its registration. A new one is answered with its handle: the secret that it is known by.") { id };
        var fields = new Fields(command)
            .Text("name", "--name", "What people call it.")
            .Texts("roles", "--role", "A role, for example Developer.")
            .Texts("capabilities", "--capability", "What it can do.")
            .Text("kind", "--kind", "For example mcp, http, spawned or human.")
            .Whole("max_concurrent", "--max-concurrent", "How many claims it may hold at once. Default: 10.")
            .Whole("heartbeat_ttl_seconds", "--ttl", "It promises a sign of life this often; else its claims are freed.")
            .Json("metadata", "--metadata", "Anything of your own.")
            .Flag("rotate", "--rotate", "Make a new handle; the old one is worth nothing then.");
        return verbs.Writes(command, parsed => new(HttpMethod.Put, Caller.Path("agents", parsed.GetValue(id)!), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Heartbeat(Verbs verbs)
    {
        var id = Id();
        return verbs.Writes(
            new("heartbeat", "Says that an agent lives, and shows what it holds.") { id },
            parsed => new(HttpMethod.Post, Caller.Path("agents", parsed.GetValue(id)!, "heartbeat"), []),
            Listings.Fields);
    }

    private static Command Delete(Verbs verbs)
    {
        var id = Id();
        return verbs.Destroys(
            new("delete", "Removes an agent's registration.") { id },
            "removes the agent, and frees what it holds",
            parsed => new(HttpMethod.Delete, Caller.Path("agents", parsed.GetValue(id)!)),
            Listings.Fields,
            new("Deleted."));
    }
}
