using System.Net;
using System.Text;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests;
using AgentCluster.Tests.Storage.Postgres;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Any node answers any request by itself, over HTTP and over MCP, whichever node has the actor.</summary>
public sealed class ForwardingTests(ITestOutputHelper output)
{
    private const int Projects = 6;
    private const int Callers = 12;
    private const string Asked = "agentcluster_transport_asks_total";
    private const string Lost = "agentcluster_transport_lost_total";
    private static readonly int Rounds = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" ? 10 : 1;
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

    /// <summary>Each node is stopped in order and started again, all of them, while callers work through whichever answers.</summary>
    [Fact(Timeout = 900_000)]
    public async Task All_nodes_are_restarted_one_after_another_and_no_request_fails_for_who_asks_again()
    {
        await using var nodes = await NodesOnPostgres.StartAsync(Lease, Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Persistent[] callers = [.. Enumerable.Range(0, Callers).Select(number => new Persistent(nodes, $"rolling-{number}"))];
        var working = callers.Select(caller => caller.WorkAsync(enough.Token)).ToArray();
        for (var restart = 0; restart < 3 * Rounds; restart++)
        {
            await Task.WhenAll(callers.Select(caller => caller.DoneAsync(2)));
            Assert.Equal(0, await nodes[restart % 3].TerminateAsync(TimeSpan.FromSeconds(10), Token));
            await nodes.KillAsync(restart % 3);
            await Task.WhenAll(callers.Select(caller => caller.DoneAsync(2)));
            await nodes.StartAsync(restart % 3, Token);
        }

        await enough.CancelAsync();
        await Task.WhenAll(working);
        var waits = callers.SelectMany(caller => caller.Waits).Order().ToList();
        output.WriteLine(FormattableString.Invariant(
            $"{3 * Rounds} restarts, {waits.Count} requests, {callers.Sum(caller => caller.Repeats)} asked again: {waits[waits.Count / 2].TotalMilliseconds:0} ms at p50, {waits[waits.Count * 99 / 100].TotalMilliseconds:0} ms at p99, {waits[^1].TotalMilliseconds:0} ms at most"));
        Assert.Empty(callers.SelectMany(caller => caller.Failures));
        Assert.InRange(waits[waits.Count * 99 / 100], TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    // Broken on purpose: a PeerLink that does not look whether the other side still says something waits until its caller's time is over.
    [Fact(Timeout = 120_000)]
    public async Task What_the_owner_answers_and_nobody_hears_is_asked_again_under_its_key_and_a_cut_is_a_pause()
    {
        int[] ports = [Ports.Free(), Ports.Free()];
        await using var first = new PeerProxy(ports[0]);
        await using var second = new PeerProxy(ports[1]);
        PeerProxy[] proxies = [first, second];
        await using var nodes = new NodesOnPostgres(await PostgresServer.DatabaseAsync(Token), 2, Lease, [])
        {
            Of = number => [$"agentcluster.cluster.port={ports[number]}", $"agentcluster.cluster.peer-address={proxies[number].Address}"],
        };
        await nodes.StartAsync(0, Token);
        await nodes.StartAsync(1, Token);

        // An owner that is about to hand the project over would answer by another way than through the proxy.
        await nodes.SharedAsync(0, 2, Token);
        await nodes.SharedAsync(1, 2, Token);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
        var task = await SendAsync(client, nodes, 0, HttpMethod.Post, "/api/v1/tasks/", """{"title":"one","project":"parted"}""", HttpStatusCode.Created);
        var owner = await nodes.OwnerAsync("parted", [0, 1], Token);
        var other = 1 - owner;
        await SendAsync(client, nodes, other, HttpMethod.Get, $"/api/v1/tasks/{task.GetProperty("id").GetString()}/why/", null, HttpStatusCode.OK);

        // The claim takes effect. Its answer goes nowhere, until the other node has given up and asked again.
        proxies[owner].SwallowsAnswers = true;
        var claiming = SendAsync(
            client, nodes, other, HttpMethod.Post, "/api/v1/tasks/claim/", """{"agent":"ada","project":"parted"}""", HttpStatusCode.OK, key: "once");
        while (await nodes.MetricAsync(other, Lost, Token) == 0)
        {
            Assert.False(claiming.IsCompleted);
            await Pause.ForAMomentAsync(Token);
        }

        proxies[owner].SwallowsAnswers = false;
        var token = (await claiming).GetProperty("claim").GetProperty("token").GetInt64();
        var seen = await SendAsync(client, nodes, owner, HttpMethod.Get, $"/api/v1/tasks/{task.GetProperty("id").GetString()}/", null, HttpStatusCode.OK);
        Assert.Equal(token, seen.GetProperty("claim").GetProperty("token").GetInt64());
        Assert.Equal(0, seen.GetProperty("attempt").GetInt32());

        // Nobody gets through at all. Who asks the owner is answered, who asks the other waits.
        proxies[owner].GoAway();
        var waiting = SendAsync(client, nodes, other, HttpMethod.Get, "/api/v1/tasks/available/?project=parted", null, HttpStatusCode.OK);
        await SendAsync(client, nodes, owner, HttpMethod.Get, "/api/v1/tasks/available/?project=parted", null, HttpStatusCode.OK);
        proxies[owner].Return();
        await waiting;
    }

    [Fact(Timeout = 120_000)]
    public async Task Nodes_with_the_certificates_that_pbm_makes_forward_over_TLS()
    {
        using var folder = new DataFolder();
        var certificates = Path.Combine(folder.Path, "certificates");
        var made = await ProgramRun.OfAsync(BuiltProgram.Pbm, Token, "cluster", "init", "127.0.0.1", "--directory", certificates);
        Assert.Equal(0, made.ExitCode);
        await using var nodes = await NodesOnPostgres.StartAsync(
            await PostgresServer.DatabaseAsync(Token),
            2,
            Lease,
            Token,
            $"agentcluster.cluster.tls-authority={Path.Combine(certificates, "authority.pem")}",
            $"agentcluster.cluster.tls-certificate={Path.Combine(certificates, "127.0.0.1.pem")}");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
        for (var number = 0; number < Projects; number++)
        {
            await SendAsync(client, nodes, number % 2, HttpMethod.Post, "/api/v1/tasks/", $$"""{"title":"one","project":"secured-{{number}}"}""", HttpStatusCode.Created);
        }

        Assert.True(await nodes.MetricAsync(0, Asked, Token) + await nodes.MetricAsync(1, Asked, Token) > 0, "Nothing was forwarded: it proves nothing.");
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient client, NodesOnPostgres nodes, int node, HttpMethod method, string path, string? body, HttpStatusCode expected, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(nodes[node].Address, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(expected == answer.StatusCode, $"{method} {path} at node {node}: {(int)answer.StatusCode} {answer.Headers.Location} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
