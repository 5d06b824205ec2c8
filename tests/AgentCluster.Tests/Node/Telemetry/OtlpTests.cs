using System.Text;
using AgentCluster.Node;
using AgentCluster.Node.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Node.Telemetry;

/// <summary>What a collector hears of a node, and what a caller's own trace says of it.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";

    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-otlp-").FullName;
    private Collector _collector = null!;

    public async ValueTask InitializeAsync() => _collector = await Collector.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Broken on purpose: no parent from the header; a command begun without its caller's current span; a commit beside its command.
    [Fact]
    public async Task A_claim_is_one_trace_from_its_caller_through_request_and_command_to_the_commit()
    {
        await using var node = await StartAsync("100");
        var answered = await ClaimAsync(node, $"00-{CallersTrace}-{CallersSpan}-01");
        await _collector.HearAsync(() => _collector.Spans.Any(span => span.Id == IdOf(answered)));

        var spans = _collector.Spans.Where(span => span.Trace == CallersTrace).ToList();
        var request = Assert.Single(spans, span => span.Name == "POST /api/v1/tasks/claim");
        Assert.Equal(CallersSpan, request.Parent);
        Assert.Equal($"00-{CallersTrace}-{request.Id}-01", answered);
        Assert.Equal("200", request.Tags["http.response.status_code"]);
        Assert.Equal("/api/v1/tasks/claim", request.Tags["http.route"]);

        var command = Assert.Single(spans, span => span.Name == "ClaimNext registry");
        Assert.Equal(request.Id, command.Parent);
        Assert.Equal("registry/default", command.Tags["agentcluster.actor"]);

        var commit = Assert.Single(spans, span => span.Name == "commit" && span.Parent == command.Id);
        Assert.True(commit.Tags.ContainsKey("agentcluster.shard"));
    }

    [Fact]
    public async Task What_a_caller_does_not_follow_is_not_sent()
    {
        await using var node = await StartAsync("100");
        await ClaimAsync(node, $"00-{CallersTrace}-{CallersSpan}-00");
        var followed = await ClaimAsync(node, null);
        await _collector.HearAsync(() => _collector.Spans.Any(span => span.Id == IdOf(followed)));

        Assert.DoesNotContain(_collector.Spans, span => span.Trace == CallersTrace);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    public async Task A_trace_that_cannot_be_read_is_no_reason_to_refuse_and_another_begins(string sent)
    {
        await using var node = await StartAsync("100");
        var answered = await ClaimAsync(node, sent);
        await _collector.HearAsync(() => _collector.Spans.Any(span => span.Id == IdOf(answered)));

        var trace = answered!.Split('-')[1];
        Assert.NotEqual(CallersTrace, trace);
        Assert.Single(_collector.Spans, span => span.Trace == trace && span.Name == "POST /api/v1/tasks/claim" && span.Parent.Length == 0);
    }

    [Fact]
    public async Task All_that_is_shown_at_metrics_is_sent()
    {
        await using var node = await StartAsync("0");
        await ClaimAsync(node, null);
        await _collector.HearAsync(() => _collector.Metrics.Contains("agentcluster.http.request.duration"));

        string[] quiet = ["dotnet.", "process."];
        Assert.Contains("agentcluster.http.request.duration", _collector.Metrics);
        Assert.Contains("agentcluster.commit.duration", _collector.Metrics);
        Assert.Contains("agentcluster.turns", _collector.Metrics);
        Assert.All(_collector.Metrics, name => Assert.True(name.StartsWith("agentcluster.", StringComparison.Ordinal) || quiet.Any(name.StartsWith)));
    }

    [Fact]
    public async Task A_collector_that_is_away_costs_neither_a_request_nor_the_end()
    {
        var address = _collector.Address;
        await _collector.DisposeAsync();
        var node = await StartAsync("100", address);

        Assert.NotNull(await ClaimAsync(node, null));
        await node.DrainAsync(TimeSpan.FromSeconds(5));
        await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private async Task<Composition> StartAsync(string percent, Uri? collector = null)
    {
        (string Key, string Value)[] set =
        [
            ("agentcluster.http.port", "0"), ("agentcluster.data.directory", _folder), ("agentcluster.otlp.endpoint", (collector ?? _collector.Address).ToString()),
            ("agentcluster.otlp.trace-percent", percent), ("agentcluster.otlp.metrics-every", "1 s"),
        ];
        return await Composition.StartAsync(
            Configuration.Read([], set.Select(one => new Override(one.Key, one.Value, "the test")), _ => null),
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);
    }

    // Creates a task and claims it with this traceparent. Gives the traceparent that was answered.
    private static async Task<string?> ClaimAsync(Composition node, string? traceparent)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = node.Address };
        using var created = await http.PostAsync(new Uri("/api/v1/tasks/", UriKind.Relative), Json("""{"title":"x"}"""), cancellation);
        using var claim = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tasks/claim/") { Content = Json("""{"agent":"ada"}""") };
        if (traceparent is not null)
        {
            claim.Headers.TryAddWithoutValidation("traceparent", traceparent);
        }

        using var answer = await http.SendAsync(claim, cancellation);
        Assert.Equal(200, (int)answer.StatusCode);
        return answer.Headers.TryGetValues("traceparent", out var answered) ? answered.Single() : null;
    }

    private static string? IdOf(string? traceparent) => traceparent?.Split('-')[2];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
