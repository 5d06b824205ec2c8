using System.Diagnostics;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Metrics;

namespace AgentCluster.Tests.Bridge.Metrics;

/// <summary>What <c>GET /metrics</c> shows of a node that has worked.</summary>
public sealed class MetricsPageTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task It_is_the_text_format_that_scrapers_know()
    {
        await WorkAsync();

        using var response = await _node.Bridge.Http.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var metrics = Exposition.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(metrics.Types.Count > 30, $"Expected all metrics, found {metrics.Types.Count}.");
    }

    // Broken on purpose: a counter without _total.
    [Fact]
    public async Task Prometheus_own_judge_finds_nothing_to_mend()
    {
        await WorkAsync();

        Assert.Equal(string.Empty, await Promtool.CheckAsync((await _node.Bridge.GetAsync("/metrics")).Is(200).Text));
    }

    [Fact]
    public async Task The_judge_is_heard() =>
        Assert.Contains("_total", await Promtool.CheckAsync("# HELP bad Bad.\n# TYPE bad counter\nbad 1\n"), StringComparison.Ordinal);

    // Broken on purpose: counting without the status.
    [Fact]
    public async Task Requests_are_told_by_route_and_status_and_refusals_by_code()
    {
        await WorkAsync();

        var metrics = await ReadAsync();

        Assert.Equal(1, metrics["""agentcluster_http_requests_total{method="POST",route="/api/v1/tasks/claim",status="200"}"""]);
        Assert.Equal(1, metrics["""agentcluster_http_requests_total{method="POST",route="/api/v1/tasks/claim",status="204"}"""]);
        Assert.Equal(1, metrics["""agentcluster_http_requests_total{method="GET",route="/api/v1/tasks/{id}",status="404"}"""]);
        Assert.Equal(2, metrics["""agentcluster_http_request_duration_seconds_count{method="POST",route="/api/v1/tasks/claim"}"""]);
        Assert.Equal(1, metrics["""agentcluster_http_problems_total{code="claim_superseded"}"""]);
        Assert.Equal(1, metrics["""agentcluster_http_problems_total{code="not_found"}"""]);

        // The scrape itself is being answered.
        Assert.Equal(1, metrics["agentcluster_http_in_flight"]);
    }

    [Fact]
    public async Task Claims_are_counted_from_the_events_that_they_left()
    {
        await WorkAsync();
        await _node.CreateAsync("""{"title":"y"}""");
        var (task, token) = await _node.ClaimAsync("ada");
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{task}/release/", $$"""{"token":{{token}}}""")).Is(200);

        var metrics = await ReadAsync();

        Assert.Equal(2, metrics["""agentcluster_events_total{event="task-claimed.v1",cause=""}"""]);
        Assert.Equal(1, metrics["""agentcluster_events_total{event="claim-ended.v1",cause="released"}"""]);
        Assert.Equal(1, metrics["""agentcluster_events_total{event="task-completed.v1",cause=""}"""]);
        Assert.True(metrics["""agentcluster_turns_total{kind="registry"}"""] >= 4);
        Assert.True(metrics["agentcluster_commit_duration_seconds_count"] >= 3);
    }

    // Broken on purpose: the path as it was sent, in place of the route's.
    [Fact]
    public async Task Nothing_that_a_caller_chooses_makes_another_line()
    {
        await WorkAsync();
        await OddAsync("first");
        await ReadAsync();
        var before = await ReadAsync();

        for (var i = 0; i < 50; i++)
        {
            await OddAsync($"other{i}");
        }

        var after = await ReadAsync();

        // What was refused is in the journal half a second later.
        Assert.Equal(before.Values.Keys.Order(), after.Values.Keys.Where(series => !series.Contains("event=\"audit-", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain(after.Values.Keys, series => series.Contains("other1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_listens_is_counted_and_how_long_they_do_is_not()
    {
        using (await _node.Bridge.Http.GetAsync(
            new Uri("/api/v1/events/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            Assert.Equal(1, (await ReadAsync())["agentcluster_live_subscribers"]);
        }

        while ((await ReadAsync())["agentcluster_live_subscribers"] > 0)
        {
        }

        Assert.DoesNotContain((await ReadAsync()).Values.Keys, series =>
            series.StartsWith("agentcluster_http_request_duration", StringComparison.Ordinal) && series.Contains("/events", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_and_helps_are_escaped() => Assert.Equal(
        "# HELP a_b_seconds_total Slashes \\\\ and\\nlines.\n# TYPE a_b_seconds_total counter\na_b_seconds_total{l=\"\\\"x\\\"\\\\\\n\"} 0.25\n",
        PrometheusText.Write([Metric.Counter("a.b", "Slashes \\ and\nlines.", ["l"], () => [new(["\"x\"\\\n"], 0.25)]) with { Unit = "s" }]));

    private async Task<Exposition> ReadAsync() => Exposition.Parse((await _node.Bridge.GetAsync("/metrics")).Is(200).Text);

    private async Task WorkAsync()
    {
        await _node.CreateAsync("""{"title":"x"}""");
        var (task, token) = await _node.ClaimAsync("ada");
        (await _node.Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"grace"}""")).Is(204);
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{task}/progress/", """{"token":7}""")).IsProblem(409, "claim_superseded");
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{task}/complete/", $$"""{"token":{{token}},"result_summary":"done"}""")).Is(200);
        (await _node.Bridge.GetAsync("/api/v1/tasks/00000000000000000000000000")).IsProblem(404, "not_found");
    }

    private async Task OddAsync(string word)
    {
        await _node.Bridge.GetAsync($"/{word}");
        await _node.Bridge.GetAsync($"/api/v1/agents/{word}");
        await _node.Bridge.GetAsync($"/problems/{word}");
        await _node.Bridge.GetAsync($"/api/v1/tasks/?status={word}");
        using var odd = BridgeUnderTest.Request(new(word.ToUpperInvariant()), "/api/v1/tasks/", null, ("Host", $"{word}.example"));
        using var answer = await _node.Bridge.Http.SendAsync(odd, TestContext.Current.CancellationToken);
    }
}

/// <summary>Prometheus' own checker of metrics, which <c>test.sh</c> puts where it is looked for.</summary>
internal static class Promtool
{
    private static readonly string Installed = Path.Combine(Repository.Root, "tests", "Promtool", "usr", "bin", "promtool");

    /// <summary>What it finds wrong; empty when nothing.</summary>
    public static async Task<string> CheckAsync(string metrics)
    {
        var program = File.Exists(Installed) ? Installed : OnPath();
        Assert.True(program is not null, $"Expected {Installed}, or promtool on the path; ./test.sh installs it.");
        using var process = Process.Start(new ProcessStartInfo(program, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            var said = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(metrics.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            var all = await said + await errors;
            return process.ExitCode == 0 || all.Length > 0 ? all : $"It ended with {process.ExitCode}.";
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
}
