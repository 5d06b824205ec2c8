using System.Net;
using System.Text;
using System.Text.Json;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Imports;

/// <summary>A real project's issues come in, and agents work them off.</summary>
public sealed class RealInputTests
{
    private const string Project = "beads";
    private const int Agents = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public Task A_real_export_is_imported_once_and_worked_dry() => ImportAndWorkAsync(IssueExport.Load());

    [Fact(Timeout = 60_000)]
    public Task A_generated_export_is_imported_once_and_worked_dry() => ImportAndWorkAsync(IssueExport.Generate(seed: 3));

    [Fact]
    public void The_generated_export_has_what_makes_the_real_one_hard()
    {
        var export = IssueExport.Generate(seed: 3);

        Assert.InRange(export.Ready, 20, 200);
        Assert.True(export.Workable > export.Ready, "Nothing is freed by finishing something.");
    }

    private static async Task ImportAndWorkAsync(IssueExport export)
    {
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, Cancellation);
        using var node = new NodeClient(process.Address);

        var first = await ImportAsync(node, export);
        Assert.Equal((export.Count, 0, 0), Counts(first));
        Assert.Equal(0, first.GetProperty("skipped").GetArrayLength());
        Assert.Equal(export.Ready, await AvailableAsync(node));
        if (export.IsShipped)
        {
            Assert.Equal(82, export.Ready);
            Assert.Equal(0, first.GetProperty("dangling").GetArrayLength());
        }

        var before = await node.ListAsync($"/api/v1/tasks/?project={Project}", Cancellation);
        Assert.Equal((0, export.Count, 0), Counts(await ImportAsync(node, export)));
        var after = await node.ListAsync($"/api/v1/tasks/?project={Project}", Cancellation);
        Assert.Equal(before.Select(task => task.GetRawText()), after.Select(task => task.GetRawText()));

        var worked = await Task.WhenAll(Enumerable.Range(1, Agents).Select(number => WorkDryAsync(node, $"agent-{number}")));
        Assert.Equal(export.Workable, worked.Sum());
        Assert.Equal(0, await AvailableAsync(node));
    }

    private static async Task<int> WorkDryAsync(NodeClient node, string agent)
    {
        var worked = 0;
        while (await NextAsync(node, agent) is { } claim)
        {
            var task = claim.GetProperty("task").GetProperty("id").GetString()!;
            var held = new Grant(task, agent, claim.GetProperty("claim").GetProperty("token").GetInt64());
            await DoAsync(node, Request.Progress($"{agent}-progress-{task}", held));
            await DoAsync(node, Request.Complete($"{agent}-complete-{task}", held));
            worked++;
        }

        return worked;
    }

    // Nothing ready is not the end while others still work: what they finish may free more.
    private static async Task<JsonElement?> NextAsync(NodeClient node, string agent)
    {
        while (true)
        {
            Cancellation.ThrowIfCancellationRequested();
            var answer = await node.PostAsync("/api/v1/tasks/claim/", JsonSerializer.Serialize(new { agent, project = Project }), Cancellation);
            if (answer.Status == HttpStatusCode.OK)
            {
                return answer.Json;
            }

            Assert.Equal(HttpStatusCode.NoContent, answer.Status);
            var running = await node.GetAsync($"/api/v1/tasks/?project={Project}&status=running&limit=1", Cancellation);
            if (running.Json.GetProperty("total").GetInt32() == 0 && await AvailableAsync(node) == 0)
            {
                return null;
            }

            await Pause.ForAMomentAsync(Cancellation);
        }
    }

    private static async Task DoAsync(NodeClient node, Request request)
    {
        var answer = await node.SendAsync(HttpMethod.Post, request.Path, request.Body, request.Key, Cancellation);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    private static async Task<JsonElement> ImportAsync(NodeClient node, IssueExport export)
    {
        using var content = new StringContent(export.Text, Encoding.UTF8, "application/x-ndjson");
        var answer = await node.SendContentAsync(HttpMethod.Post, $"/api/v1/import/?format=beads&project={Project}", content, null, Cancellation);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Json;
    }

    private static (int Created, int Unchanged, int Updated) Counts(JsonElement imported) => (
        imported.GetProperty("created").GetInt32(),
        imported.GetProperty("unchanged").GetInt32(),
        imported.GetProperty("updated").GetInt32());

    private static async Task<int> AvailableAsync(NodeClient node) =>
        (await node.GetAsync($"/api/v1/tasks/available/?project={Project}&limit=1", Cancellation)).Json.GetProperty("total").GetInt32();
}
