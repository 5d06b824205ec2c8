using System.CommandLine;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm export</c>: a project as lines that <c>pbm import --format agentcluster</c> takes, epics first.</summary>
internal static class ExportVerb
{
    private const int PageLength = 200;

    public static Command Of(Verbs verbs)
    {
        var command = new Command("export", "Writes a project's epics and tasks, a JSON object a line. What changes meanwhile may be missed.");
        var project = new Option<string>("--project") { Description = "Which. Default: default.", DefaultValueFactory = _ => "default" };
        command.Options.Add(project);
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            using var client = new NodeClient(session.Target, session.Screen.Say);
            foreach (var (collection, kind) in new[] { ("epics", "epic"), ("tasks", "task") })
            {
                if (await WriteAsync(client, session, collection, kind, parsed.GetValue(project)!, cancellationToken) is { } failed)
                {
                    session.Screen.Say(failed.Words);

                    return failed.ExitCode;
                }
            }

            return ExitCodes.Done;
        });
    }

    /// <returns>Null when all were written.</returns>
    private static async Task<NodeAnswer?> WriteAsync(
        NodeClient client, Session session, string collection, string kind, string project, CancellationToken cancellationToken)
    {
        for (var offset = 0; ; offset += PageLength)
        {
            var page = await client.SendAsync(
                new(HttpMethod.Get, $"/api/v1/{collection}/?project={Uri.EscapeDataString(project)}&limit={PageLength}&offset={offset}"), cancellationToken);
            if (page.Answer is not { } answer)
            {
                return page;
            }

            var items = answer.GetProperty("items");
            foreach (var item in items.EnumerateArray())
            {
                // A list leaves out what may be long.
                var one = await client.SendAsync(new(HttpMethod.Get, Caller.Path(collection, item.GetProperty("id").GetString()!)), cancellationToken);
                if (one.Answer is not { } whole)
                {
                    return one;
                }

                var line = JsonObject.Create(whole)!;
                line.Insert(0, "kind", kind);
                session.Screen.Write(line.ToJsonString());
            }

            if (items.GetArrayLength() < PageLength)
            {
                return null;
            }
        }
    }
}
