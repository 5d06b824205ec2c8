using System.CommandLine;
using System.Globalization;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm cluster init | show | status | leave | down | restored</c>, <c>pbm cluster-sharding regions | shards | entities</c> and <c>pbm journal tail</c>.</summary>
internal static class ClusterVerbs
{
    public static IEnumerable<Command> OfCluster(Verbs verbs) => [ClusterInit.Of(verbs), Show(verbs), NodeVerbs.Status(verbs), Leave(verbs), Down(verbs), Restored(verbs)];

    public static IEnumerable<Command> OfSharding(Verbs verbs) => [Regions(verbs), Shards(verbs), Entities(verbs)];

    private static Command Show(Verbs verbs) => verbs.Reads(
        new("show", "Shows the nodes, as the one asked knows them."),
        _ => "/api/v1/cluster/members/",
        Listings.Of("nodes", "address", "status", "shards", "id", "self", "joined_at", "version"));

    private static Command Leave(Verbs verbs)
    {
        var id = Member();
        return verbs.Writes(
            new("leave", "Asks a node to hand its shards over and to end.") { id },
            parsed => new(HttpMethod.Post, Caller.Path("cluster/members", parsed.GetValue(id)!, "leave")),
            Listings.Fields,
            new("It was asked to leave. 'pbm cluster show' says when it is gone."));
    }

    private static Command Down(Verbs verbs)
    {
        var id = Member();
        return verbs.Destroys(
            new("down", "Declares a node down: the others take its shards at once. A node that lives comes back as another.") { id },
            "ends what the node is doing",
            parsed => new(HttpMethod.Post, Caller.Path("cluster/members", parsed.GetValue(id)!, "down")),
            Listings.Fields,
            new("It is down."));
    }

    private static Command Restored(Verbs verbs) => verbs.Destroys(
        new("restored", "Says that the database was put back to an earlier state: claims that came back lapse, tokens from before are refused."),
        "ends every claim",
        _ => new(HttpMethod.Post, "/api/v1/cluster/restored/"),
        Listings.Fields,
        new("A generation begins; the nodes come back as others within a lease."));

    private static Command Regions(Verbs verbs) => verbs.Reads(
        new("regions", "Shows how many shards each node has."), _ => "/api/v1/cluster/members/", Listings.Of("regions", "address", "shards", "status", "id"));

    private static Command Shards(Verbs verbs)
    {
        var command = new Command("shards", "Shows who owns each shard.");
        var fields = new Fields(command).Page();
        return verbs.Reads(
            command, parsed => fields.Query("/api/v1/cluster/shards/", parsed), Listings.Of("shards", "shard", "epoch", "address", "owner"));
    }

    private static Command Entities(Verbs verbs)
    {
        var shard = new Argument<int>("SHARD") { Description = "The shard's number, from 0." };
        return verbs.Reads(
            new("entities", "Shows the actors of a shard that are in memory on the node asked.") { shard },
            parsed => string.Create(CultureInfo.InvariantCulture, $"/api/v1/cluster/actors/?shard={parsed.GetValue(shard)}"),
            Listings.Of("actors", "actor", "status", "turns", "pending", "timers", "outbox"));
    }

    /// <summary><c>pbm journal tail</c>.</summary>
    public static Command JournalTail(Verbs verbs)
    {
        var command = new Command("tail", "Shows the last events of the journal as they are stored, oldest first. 'pbm events tail' follows what happens.");
        var fields = new Fields(command)
            .Whole("shard", "--shard", "Of this shard only. Default: of all.")
            .Whole("limit", "--limit", "How many: 1 to 200. Default: 20.");
        return verbs.Reads(
            command,
            parsed => fields.Query("/api/v1/cluster/journal/", parsed),
            Listings.Of("events", "at", "shard", "sequence", "actor", "name", "data"));
    }

    private static Argument<string> Member() => new("ID") { Description = "The node's id, as 'pbm cluster show' has it." };
}
