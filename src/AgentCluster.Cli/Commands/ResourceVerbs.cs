using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What there is to share, and who has how much of it.</summary>
internal static class ResourceVerbs
{
    private const string Allocations = "/api/v1/resources/allocations/";

    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Declare(verbs), Allocate(verbs), Listed(verbs), Renew(verbs), Release(verbs)];

    private static Argument<string> Id() => new("ALLOCATION") { Description = "Its id." };

    private static Command List(Verbs verbs) => verbs.Reads(
        new("list", "Lists what there is, and how much of it can still be had."),
        _ => "/api/v1/resources/",
        Listings.Of("resources", "name", "available", "total", "unit"));

    private static Command Declare(Verbs verbs)
    {
        var (name, total) = (new Argument<string>("RESOURCE") { Description = "Its name, for example memory." }, new Argument<decimal>("TOTAL") { Description = "How much there is." });
        var command = new Command("declare", "Says how much there is of a resource.") { name, total };
        var fields = new Fields(command).Text("unit", "--unit", "What it is counted in. Default: as before.");
        return verbs.Writes(
            command,
            parsed =>
            {
                var body = fields.Read(parsed);
                body["total"] = parsed.GetValue(total);
                return new(HttpMethod.Put, Caller.Path("resources/pools", parsed.GetValue(name)!), body);
            },
            Listings.Fields);
    }

    private static Command Allocate(Verbs verbs)
    {
        var amounts = new Argument<string[]>("RESOURCE=AMOUNT") { Description = "How much of what, as in cpu=2 memory=0.5.", Arity = ArgumentArity.OneOrMore };
        amounts.Validators.Add(given =>
        {
            List<(string Name, decimal Value)?> said = [.. (given.GetValueOrDefault<string[]>() ?? []).Select(Amount)];
            if (said.Any(amount => amount is null) || said.DistinctBy(amount => amount?.Name).Count() < said.Count)
            {
                given.AddError("RESOURCE=AMOUNT: expected a name and a number, each name once, for example cpu=2 memory=0.5.");
            }
        });
        var command = new Command("allocate", "Gives an agent resources for a while: all of them, or nothing.") { amounts };
        var fields = new Fields(command)
            .Text("agent", "--agent", "Who needs them.")
            .Text("task_id", "--task", "The task that it is for: then it ends with its claim.")
            .Whole("ttl_seconds", "--for", "How many seconds. Default: 1800.");
        return verbs.Writes(
            command,
            parsed =>
            {
                var body = fields.Read(parsed);
                body["amounts"] = new JsonObject(parsed.GetValue(amounts)!.Select(text => Amount(text)!.Value)
                    .Select(amount => KeyValuePair.Create(amount.Name, (JsonNode?)amount.Value)));
                return new(HttpMethod.Post, Allocations, body);
            },
            Listings.Fields);
    }

    private static Command Listed(Verbs verbs)
    {
        var command = new Command("allocations", "Lists who has resources, and who had, newest first.");
        var fields = new Fields(command)
            .Text("agent", "--agent", "Only of this agent.")
            .Text("status", "--status", "Only those that are active, or ended.")
            .Page();
        return verbs.Reads(
            command, parsed => fields.Query(Allocations, parsed), Listings.Of("allocations", "id", "status", "agent", "amounts", "expires_at", "ended_because"));
    }

    private static Command Renew(Verbs verbs)
    {
        var id = Id();
        var command = new Command("renew", "Makes an allocation last longer, from now.") { id };
        var fields = new Fields(command).Whole("ttl_seconds", "--for", "How many seconds. Default: as it was given for.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("resources/allocations", parsed.GetValue(id)!, "renew"), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Release(Verbs verbs)
    {
        var id = Id();
        return verbs.Writes(
            new("release", "Gives all resources of an allocation back.") { id },
            parsed => new NodeRequest(HttpMethod.Delete, Caller.Path("resources/allocations", parsed.GetValue(id)!)),
            Listings.Fields);
    }

    private static (string Name, decimal Value)? Amount(string text) =>
        text.LastIndexOf('=') is > 0 and var at && decimal.TryParse(text.AsSpan(at + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (text[..at], value)
            : null;
}
