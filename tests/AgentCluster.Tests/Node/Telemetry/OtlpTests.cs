using System.Diagnostics;
using System.Text;
using AgentCluster.Actors.Metrics;
using AgentCluster.Node;
using AgentCluster.Node.Settings;
using AgentCluster.Tests.Bridge.Metrics;
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
        var answered = await RunAsync("100", $"00-{CallersTrace}-{CallersSpan}-01");

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
        await RunAsync("100", $"00-{CallersTrace}-{CallersSpan}-00");

        Assert.DoesNotContain(_collector.Spans, span => span.Trace == CallersTrace);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    public async Task A_trace_that_cannot_be_read_is_no_reason_to_refuse_and_another_begins(string sent)
    {
        var answered = await RunAsync("100", sent);

        var trace = answered!.Split('-')[1];
        Assert.NotEqual(CallersTrace, trace);
        Assert.Single(_collector.Spans, span => span.Trace == trace && span.Name == "POST /api/v1/tasks/claim" && span.Parent.Length == 0);
    }

    [Fact]
    public async Task All_that_is_shown_at_metrics_is_sent()
    {
        await RunAsync("0", null);

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
        var began = Stopwatch.GetTimestamp();

        await RunAsync("100", null, address);

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60));
    }

    // Starts a node, claims a task with this traceparent, and ends the node, which sends all that it has. Gives the traceparent that was answered.
    private async Task<string?> RunAsync(string percent, string? traceparent, Uri? collector = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        (string Key, string Value)[] set =
        [
            ("agentcluster.http.port", "0"), ("agentcluster.data.directory", _folder), ("agentcluster.otlp.endpoint", (collector ?? _collector.Address).ToString()),
            ("agentcluster.otlp.trace-percent", percent),
        ];
        await using var node = await Composition.StartAsync(
            Configuration.Read([], set.Select(one => new Override(one.Key, one.Value, "the test")), _ => null), NullLoggerFactory.Instance, cancellation);
        using var http = new HttpClient { BaseAddress = node.Address };
        using var created = await http.PostAsync(new Uri("/api/v1/tasks/", UriKind.Relative), Json("""{"title":"x"}"""), cancellation);
        using var claim = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tasks/claim/") { Content = Json("""{"agent":"ada"}""") };
        if (traceparent is not null)
        {
            claim.Headers.TryAddWithoutValidation("traceparent", traceparent);
        }

        using var answer = await http.SendAsync(claim, cancellation);
        Assert.Equal(200, (int)answer.StatusCode);
        await node.DrainAsync(TimeSpan.FromSeconds(5));
        return answer.Headers.TryGetValues("traceparent", out var answered) ? answered.Single() : null;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
