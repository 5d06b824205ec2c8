using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Actors;
using AgentCluster.Cli.Nodes;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Cli.Commands;

/// <summary>Looking after a node: what is well with it, and copies of its data.</summary>
internal static class UpkeepVerbs
{
    private static readonly Func<JsonElement, Output.Listing> Findings = Listings.Of("findings", "check", "condition", "found", "advice");

    /// <summary><c>pbm doctor</c>: ends with 1 when something has failed.</summary>
    public static Command Doctor(Verbs verbs)
    {
        var data = new Option<string?>("--data") { Description = "A data directory that no node uses, instead of a node.", HelpName = "DIR" };
        var full = new Option<bool>("--full") { Description = "Also hold every index against its table." };
        return verbs.Does(
            new("doctor", "Says what is well with a node and its data, and what is not.") { data, full },
            async (parsed, session, cancellationToken) => parsed.GetValue(data) is { } directory
                ? Offline(directory, session)
                : await OnlineAsync(parsed.GetValue(full), session, cancellationToken));
    }

    /// <summary><c>pbm backup</c>.</summary>
    public static Command Backup(Verbs verbs)
    {
        var name = new Option<string?>("--name") { Description = "What it is called: a-z, 0-9, '-', '_' and '.'. Default: after the time." };
        return verbs.Writes(
            new("backup", "Copies the data of a running node into its directory of backups. Start a node on a copy of it to restore.") { name },
            parsed => new(HttpMethod.Post, "/api/v1/node/backups/", Body(parsed.GetValue(name))),
            Listings.Fields);
    }

    private static JsonObject Body(string? name) => name is null ? [] : new JsonObject { ["name"] = name };

    private static async Task<int> OnlineAsync(bool full, Session session, CancellationToken cancellationToken)
    {
        using var client = new NodeClient(session.Target, session.Screen.Say);
        var (exitCode, answer, words) = await client.SendAsync(
            new(HttpMethod.Get, $"/api/v1/node/examination/?full={(full ? "true" : "false")}"), cancellationToken);
        session.Screen.Say(words);

        return answer is { } found ? Show(found, session) : exitCode;
    }

    private static int Offline(string directory, Session session)
    {
        try
        {
            return Show(Json(DataFindings.Of(directory, DateTimeOffset.UtcNow)), session);
        }
        catch (DataDirectoryInUseException used)
        {
            session.Screen.Say($"{used.Message} Or ask it: pbm --node {used.Url ?? "URL"} doctor");
            return ExitCodes.Conflict;
        }
        catch (DataDirectoryException missing)
        {
            session.Screen.Say(missing.Message);
            return ExitCodes.NotFound;
        }
        catch (DataFileException unusable)
        {
            session.Screen.Say(unusable.Message);
            return ExitCodes.Failed;
        }
    }

    private static int Show(JsonElement found, Session session)
    {
        session.Screen.Show(found, Findings);
        return found.GetProperty("condition").ValueEquals("failed") ? ExitCodes.Failed : ExitCodes.Done;
    }

    // As a node answers it.
    private static JsonElement Json(IReadOnlyList<Finding> findings)
    {
        var items = new JsonArray([.. findings.Select(finding => (JsonNode)new JsonObject
        {
            ["check"] = finding.Check,
            ["condition"] = Word(finding.Condition),
            ["found"] = finding.Found,
            ["advice"] = finding.Advice,
        })]);
        var all = new JsonObject { ["condition"] = Word(findings.Max(finding => finding.Condition)), ["items"] = items, ["total"] = findings.Count };
        return JsonDocument.Parse(all.ToJsonString()).RootElement;
    }

    private static string Word(Condition condition) => condition switch
    {
        Condition.Ok => "ok",
        Condition.Warning => "warning",
        _ => "failed",
    };
}
