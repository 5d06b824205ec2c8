using System.CommandLine;

namespace AgentCluster.Cli.Commands;

/// <summary>What operators look at.</summary>
internal static class NodeVerbs
{
    public static Command Status(Verbs verbs) =>
        verbs.Reads(new("status", "What the node carries."), _ => "/api/v1/cluster/status/", Listings.Fields);

    public static Command ActorInspect(Verbs verbs)
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
            new("inspect", "Shows what can be seen of one actor.") { actor },
            parsed => parsed.GetValue(actor)!.Split('/', 2) is [var kind, var name]
                ? $"/api/v1/cluster/actors/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(name)}/"
                : string.Empty,
            Listings.Fields);
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
