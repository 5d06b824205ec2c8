using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm import</c>: a file becomes tasks. It may be said again: rows have an identity of their own.</summary>
internal static class ImportVerb
{
    private const string Input = "-";

    /// <param name="verbs">Does it.</param>
    /// <param name="input">What is read where a file's name is <c>-</c>: <c>pbm export | pbm --node http://other:5080 import - --format agentcluster</c>.</param>
    public static Command Of(Verbs verbs, TextReader input)
    {
        var file = new Argument<string>("FILE") { Description = "The file; - is what is piped in." };
        file.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<string>() is var path && path != Input && !File.Exists(path))
            {
                parsed.AddError($"Expected a file, or - for what is piped in; found none at '{path}'.");
            }
        });
        var format = new Option<string>("--format") { Description = "Whose export it is.", Required = true };
        format.AcceptOnlyFromAmong("beads", "taskmaster", "agentcluster");
        var command = new Command("import", "Takes over another tracker's export; a second time changes nothing. Exit code 1 when rows were skipped.") { file, format };
        var fields = new Fields(command).Text("project", "--project", "Where it goes. Default: default.");
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            using var client = new NodeClient(session.Target, session.Screen.Say);
            var name = parsed.GetValue(file)!;

            // Read once: what is piped in is not there a second time, when the node asks for it to be sent again.
            var piped = name == Input ? await input.ReadToEndAsync(cancellationToken) : null;
            var path = $"{fields.Query("/api/v1/import/", parsed)}";
            var (exitCode, answer, words) = await client.SendAsync(
                new(HttpMethod.Post, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}format={parsed.GetValue(format)}")
                {
                    Content = () => piped is null ? Open(new(name)) : Piped(piped),
                },
                cancellationToken);
            session.Screen.Say(words);

            return answer is { } report ? Tell(session.Screen, report) : exitCode;
        });
    }

    private static StreamContent Open(FileInfo file)
    {
        var content = new StreamContent(file.OpenRead());
        content.Headers.ContentType = new MediaTypeHeaderValue(file.Extension == ".json" ? "application/json" : "application/x-ndjson");
        return content;
    }

    private static StringContent Piped(string text) => new(text, Encoding.UTF8, "application/x-ndjson");

    private static int Tell(Screen screen, JsonElement report)
    {
        screen.Show(report, answer => new(
            ["rows", "count"],
            [
                .. answer.EnumerateObject().Select(field => (string[])
                    [field.Name, field.Value.ValueKind == JsonValueKind.Array ? $"{field.Value.GetArrayLength()}" : field.Value.ToString()]),
            ],
            Count: null));
        foreach (var missing in report.GetProperty("dangling").EnumerateArray())
        {
            screen.Say($"{Listings.At(missing, "id")} depends on {Listings.At(missing, "depends_on")}, which is nowhere: it waits for nothing there.");
        }

        foreach (var skipped in report.GetProperty("skipped").EnumerateArray())
        {
            screen.Say($"line {Listings.At(skipped, "line")} was skipped: {Listings.At(skipped, "reason")}");
        }

        return report.GetProperty("skipped").GetArrayLength() == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
