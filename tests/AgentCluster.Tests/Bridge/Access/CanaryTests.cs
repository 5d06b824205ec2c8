using System.Diagnostics;
using System.Text;
using AgentCluster.Bridge.Traces;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>A secret that is put wherever secrets go is found nowhere else.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string Canary = "canaryCANARYcanaryCANARYcanaryCANARYcanary0";

    private KeyedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await KeyedNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: the key's secret in the KeyIssued event; the Authorization header as a tag of the request's span.
    [Fact]
    public async Task No_secret_is_in_the_journal_the_rows_the_logs_the_metrics_the_traces_or_what_others_are_answered()
    {
        var spans = new StringBuilder();
        using var listener = Listen(spans);
        var (_, key) = await _node.IssueAsync("\"tasks:read\",\"admin\"");
        var handle = await _node.RegisterAsync("ada");
        await _node.Trusting.Bridge.PostAsync("/api/v1/keys/", """{"name":"CI","scopes":["ops"]}""", ("Idempotency-Key", "k"));
        var (_, operatorsKey) = await _node.IssueAsync("\"ops\"");
        string[] secrets = [key, handle, operatorsKey, Canary];

        var answers = new StringBuilder();
        foreach (var secret in secrets)
        {
            foreach (var (method, path, body) in ((string, string, string?)[])
            [
                ("GET", "/api/v1/tasks/", null),
                ("GET", "/api/v1/audit/", null),
                ("GET", "/api/v1/keys/", null),
                ("POST", "/api/v1/tasks/", "{}"),
                ("POST", "/api/v1/keys/", """{"name":"","scopes":["x"]}"""),
                ("GET", "/api/v1/agents/ada", null),
                ("GET", "/api/v1/cluster/config/", null),
                ("GET", "/nope", null),
            ])
            {
                foreach (var header in (string[])[$"Bearer {secret}", $"Bearer acl_{secret}", $"Basic {secret}", $"{secret}", $"Bearer {secret} {secret}"])
                {
                    answers.Append((await _node.Bridge.SendAsync(BridgeUnderTest.Request(new(method), path, body, ("Authorization", header)))).Text);
                }
            }
        }

        answers.Append((await _node.AuditAsync()).GetRawText());
        answers.Append((await _node.Trusting.Bridge.GetAsync("/api/v1/keys/")).Text);
        answers.Append((await _node.Trusting.Bridge.GetAsync("/api/v1/agents/ada")).Text);
        answers.Append((await _node.Trusting.Bridge.GetAsync("/metrics")).Is(200).Text);
        answers.Append((await _node.AskAsync("GET", "/metrics", null, operatorsKey)).Is(200).Text);
        var stored = await _node.Trusting.DumpAsync();

        foreach (var secret in secrets)
        {
            var proof = secret[(secret.LastIndexOfAny(['_', '.']) is var at && at > 4 && secret.Contains('.', StringComparison.Ordinal) ? at + 1 : 0)..];
            foreach (var place in (string[])[answers.ToString(), stored, string.Join('\n', _node.Bridge.Log.Lines), string.Join('\n', _node.Trusting.Bridge.Log.Lines), _node.Bridge.Json.Text, _node.Trusting.Bridge.Json.Text, Said(spans)])
            {
                Assert.DoesNotContain(secret, place, StringComparison.Ordinal);
                Assert.DoesNotContain(proof, place, StringComparison.Ordinal);
                Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), place, StringComparison.Ordinal);
            }
        }
    }

    // Spans of other tests are heard too, and are not to have secrets either.
    private static ActivityListener Listen(StringBuilder spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RequestSpan.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Append(span.DisplayName).Append(span.StatusDescription).AppendJoin(',', span.TagObjects).AppendJoin(',', span.Baggage).Append('\n');
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static string Said(StringBuilder spans)
    {
        lock (spans)
        {
            Assert.Contains("GET /metrics", spans.ToString(), StringComparison.Ordinal);
            return spans.ToString();
        }
    }
}
