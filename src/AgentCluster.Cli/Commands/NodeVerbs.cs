using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What operators look at.</summary>
internal static class NodeVerbs
{
    private const string OpenDelegations = "/api/v1/delegations/?open=true&limit=20";

    /// <summary>What the node carries, and what was delegated and has not ended, in one answer.</summary>
    public static Command Status(Verbs verbs) =>
        verbs.Does(new("status", "What the node carries, and what is delegated and has not ended."), async (_, session, cancellationToken) =>
        {
            var (code, node) = await Verbs.AskAsync(session, new(HttpMethod.Get, "/api/v1/cluster/status/"), listing: null, new(null), cancellationToken);
            if (node is null)
            {
                return code;
            }

            // Whoever may look at the node need not be allowed to read what agents say.
            using var client = new NodeClient(session.Target, static _ => { });
            var open = await client.SendAsync(new(HttpMethod.Get, OpenDelegations), cancellationToken);
            var both = JsonObject.Create(node.Value)!;
            both["delegations"] = open.Answer is { } page ? JsonObject.Create(page) : null;
            session.Screen.Show(JsonSerializer.SerializeToElement(both), Status);
            return code;
        });

    private static Listing Status(JsonElement both)
    {
        var fields = Listings.Fields(both);
        var open = both.GetProperty("delegations");
        return fields with
        {
            Rows =
            [
                .. fields.Rows.Where(row => row[0] != "delegations"),
                ["open_delegations", Listings.At(open, "total")],
                .. open.ValueKind == JsonValueKind.Null ? [] : open.GetProperty("items").EnumerateArray().Select(each => (string[])
                [
                    $"delegation {Listings.At(each, "id")}",
                    $"{Listings.At(each, "from")} -> {Listings.At(each, "to")}, {Listings.At(each, "status")}, {Listings.At(each, "age_seconds")} s: {Listings.At(each, "subject")}",
                ]),
            ],
        };
    }

    private static readonly string[] OfMailbox = ["actor", "status", "pending", "outbox", "timers", "parked"];

    public static Command ActorInspect(Verbs verbs) => OfActor(verbs, "inspect", "Shows what can be seen of one actor.", Listings.Fields);

    /// <summary>What waits at an actor.</summary>
    public static Command ActorMailbox(Verbs verbs) => OfActor(verbs, "mailbox", "Shows what waits at one actor, and what it has told others.", answer =>
    {
        var fields = Listings.Fields(answer);
        return fields with { Rows = [.. fields.Rows.Where(row => OfMailbox.Contains(row[0]))] };
    });

    private static Command OfActor(Verbs verbs, string name, string description, Func<JsonElement, Listing> listing)
    {
        var actor = new Argument<string>("ACTOR") { Description = "Kind and name: registry/default." };
        actor.Validators.Add(result =>
        {
            if (result.GetValue(actor) is not { } text || text.IndexOf('/', StringComparison.Ordinal) is var slash && (slash < 1 || slash == text.Length - 1))
            {
                result.AddError("Expected kind/name, for example registry/default.");
            }
        });
        return verbs.Reads(
            new(name, description) { actor },
            parsed => parsed.GetValue(actor)!.Split('/', 2) is [var kind, var name]
                ? $"/api/v1/cluster/actors/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(name)}/"
                : string.Empty,
            listing);
    }

    /// <summary>The actors in memory on the node asked, under their shards.</summary>
    public static Command ActorHierarchy(Verbs verbs) => verbs.Does(
        new("hierarchy", "Shows the shards of the node asked, and under each its actors in memory."), async (_, session, cancellationToken) =>
        {
            using var client = new NodeClient(session.Target, session.Screen.Say);
            var shards = new JsonArray();
            for (var shard = 0; ; shard++)
            {
                var (code, answer, words) = await client.SendAsync(new(HttpMethod.Get, $"/api/v1/cluster/actors/?shard={shard}"), cancellationToken);
                if (answer is not { } page)
                {
                    if (shard > 0)
                    {
                        break; // Behind the last shard there is none.
                    }

                    session.Screen.Say(words);
                    return code;
                }

                if (page.GetProperty("items").GetArrayLength() > 0)
                {
                    shards.Add(new JsonObject { ["shard"] = shard, ["actors"] = JsonNode.Parse(page.GetProperty("items").GetRawText()) });
                }
            }

            session.Screen.Show(JsonSerializer.SerializeToElement(new JsonObject { ["items"] = shards }), Hierarchy);
            return ExitCodes.Done;
        });

    private static Listing Hierarchy(JsonElement all)
    {
        List<string[]> rows = [];
        foreach (var shard in all.GetProperty("items").EnumerateArray())
        {
            rows.Add([$"shard {Listings.At(shard, "shard")}", "", ""]);
            rows.AddRange(shard.GetProperty("actors").EnumerateArray().Select(actor => (string[])
                [$"  {Listings.At(actor, "actor")}", Listings.At(actor, "status"), Listings.At(actor, "pending")]));
        }

        return new(["actor", "status", "pending"], rows, Count: null);
    }

    public static Command ConfigShow(Verbs verbs)
    {
        var origin = new Option<bool>("--origin") { Description = "Also where each value was said." };
        return verbs.Reads(
            new("show", "Shows what the node is set to.") { origin },
            _ => "/api/v1/cluster/config/",
            (parsed, answer) => Listings.Config(answer, parsed.GetValue(origin)));
    }
}
