using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>Deletes one or many of a kind.</summary>
internal static class Deleting
{
    /// <param name="verbs">Makes it.</param>
    /// <param name="collection">Their part of the path.</param>
    /// <param name="description">What it does.</param>
    /// <param name="loses">What is lost; the words after <c>This …</c>.</param>
    /// <param name="name">What one is called.</param>
    public static Command Of(Verbs verbs, string collection, string description, string loses, string name)
    {
        var ids = new Argument<string[]>(name) { Description = "Their ids.", Arity = ArgumentArity.OneOrMore };
        return verbs.Destroys(
            new("delete", description) { ids },
            loses,
            parsed => parsed.GetValue(ids) is [var only]
                ? new(HttpMethod.Delete, Caller.Path(collection, only))
                : new NodeRequest(
                    HttpMethod.Post,
                    $"/api/v1/{collection}/batch-delete/",
                    new() { ["ids"] = new JsonArray([.. parsed.GetValue(ids)!.Select(id => JsonValue.Create(id))]) }),
            Deleted,
            new("Deleted."));
    }

    private static Listing Deleted(JsonElement answer) => answer.TryGetProperty("deleted", out var deleted)
        ? new(
            ["id", "what"],
            [
                .. deleted.EnumerateArray().Select(id => (string[])[id.GetString()!, "deleted"]),
                .. answer.GetProperty("not_found").EnumerateArray().Select(id => (string[])[id.GetString()!, "not found"]),
            ],
            $"{deleted.GetArrayLength()} deleted")
        : Listings.Fields(answer);
}
