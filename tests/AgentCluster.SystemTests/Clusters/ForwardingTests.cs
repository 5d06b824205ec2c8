using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Any node answers any request by itself, over HTTP and over MCP, whichever node has the actor.</summary>
public sealed class ForwardingTests
{
    private const int Projects = 12;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: a router that forwards nothing (307 to the owner).
    [Fact(Timeout = 120_000)]
    public async Task A_project_is_worked_on_through_all_nodes_and_nobody_is_sent_elsewhere()
    {
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, Token);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
        for (var number = 0; number < Projects; number++)
        {
            var (first, second, third) = (number % 3, (number + 1) % 3, (number + 2) % 3);
            var (project, agent) = ($"forwarded-{number}", $"ada-{number}");
            await SendAsync(client, nodes, first, HttpMethod.Put, $"/api/v1/agents/{agent}", "{\"name\":\"Ada\"}", HttpStatusCode.Created);
            await SendAsync(client, nodes, second, HttpMethod.Post, $"/api/v1/agents/{agent}/heartbeat", "{}", HttpStatusCode.OK);
            var task = await SendAsync(client, nodes, first, HttpMethod.Post, "/api/v1/tasks/", $$"""{"title":"one","project":"{{project}}"}""", HttpStatusCode.Created);
            var id = task.GetProperty("id").GetString();
            var why = await SendAsync(client, nodes, third, HttpMethod.Get, $"/api/v1/tasks/{id}/why/", null, HttpStatusCode.OK);
            Assert.True(why.GetProperty("ready").GetBoolean());
            var claimed = await SendAsync(
                client, nodes, second, HttpMethod.Post, "/api/v1/tasks/claim/", $$"""{"agent":"{{agent}}","project":"{{project}}"}""", HttpStatusCode.OK);
            Assert.Equal(id, claimed.GetProperty("task").GetProperty("id").GetString());
            var token = claimed.GetProperty("claim").GetProperty("token").GetInt64();
            await SendAsync(client, nodes, third, HttpMethod.Post, $"/api/v1/tasks/{id}/progress/", $$"""{"token":{{token}},"percent":40}""", HttpStatusCode.OK);
            var refused = await SendAsync(client, nodes, second, HttpMethod.Post, $"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token + 1}},"result_summary":"no"}""", HttpStatusCode.Conflict);
            Assert.Equal("claim_superseded", refused.GetProperty("code").GetString());
            var done = await SendAsync(client, nodes, first, HttpMethod.Post, $"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"Done."}""", HttpStatusCode.OK);
            Assert.Equal("completed", done.GetProperty("status").GetString());

            foreach (var node in (int[])[first, second, third])
            {
                var called = await SendAsync(
                    client, nodes, node, HttpMethod.Post, $"/api/v1/agents/{agent}/messages/", $$"""{"from":"ada-0","text":"from node {{node}}"}""", HttpStatusCode.Created);
                Assert.NotNull(called.GetRawText());
            }

            var inbox = await SendAsync(client, nodes, third, HttpMethod.Get, $"/api/v1/agents/{agent}/inbox/", null, HttpStatusCode.OK);
            Assert.Equal(
                ((int[])[first, second, third]).Select(node => $"from node {node}"),
                inbox.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()));
        }
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient client, NodesOnPostgres nodes, int node, HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, new Uri(nodes[node].Address, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(expected == answer.StatusCode, $"{method} {path} at node {node}: {(int)answer.StatusCode} {answer.Headers.Location} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
