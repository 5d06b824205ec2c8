namespace AgentCluster.Tests.Bridge.Fuzz;

/// <summary>
/// Malformed requests of every kind to every route, by a fixed seed: each is a problem with a 4xx that says what was
/// expected, nothing is half-done, and the node lives. 200 of each kind, 10,000 with <c>AGENTCLUSTER_LONG=1</c>.
/// </summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Seed = 20_261_121;
    private static readonly int Count = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" ? 10_000 : 200;

    private NodeUnderTest _node = null!;

    public static TheoryData<Malformed> Kinds => [.. Enum.GetValues<Malformed>()];

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(options => options with { RequestsPerSecond = 1_000_000 });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: Shape.Read without its catch of JsonException; HttpFace.ReadVariable without its form.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_malformed_is_refused_by_name_and_changes_nothing(Malformed kind)
    {
        await _node.Bridge.PutAsync("/api/v1/agents/ada", "{}");
        await _node.CreateAsync("""{"title":"held","max_attempts":1}""");
        await _node.CreateAsync("""{"title":"free"}""");
        var (held, _) = await _node.ClaimAsync("ada");
        var before = await _node.SettledAsync(withAudit: false);
        var attempts = new Attempts(_node.Bridge.Contract.Document, _node.Bridge.Address, new Random(Seed + (int)kind), held);

        for (var i = 0; i < Count; i++)
        {
            var attempt = attempts.Next(kind);
            var asked = $"{kind} {i}: {attempt.Request.Method} {attempt.Request.RequestUri!.PathAndQuery} {attempt.Sent}";
            Refused(asked[..Math.Min(asked.Length, 1_000)], attempt.Field, await _node.Bridge.SendAsync(attempt.Request));
        }

        Assert.Equal(before, await _node.SettledAsync(withAudit: false));
        (await _node.Bridge.GetAsync("/health/ready")).Is(200);
        Assert.Empty(_node.Bridge.Log.Lines);
    }

    private static void Refused(string asked, string? field, Heard heard)
    {
        Assert.True(heard.Status is >= 400 and < 500, $"{asked}\n{heard.Status} {heard.Text}");
        Assert.True(heard.Type == "application/problem+json", $"{asked}\n{heard.Status} {heard.Type}");
        Assert.True(heard.Json.GetProperty("detail").GetString()!.Length > 10, $"{asked}\n{heard.Text}");
        if (heard.Status != 400)
        {
            return;
        }

        var named = heard.Json.TryGetProperty("field", out var unknown)
            ? [unknown.GetString()!]
            : heard.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToList();
        Assert.True(
            named.Count > 0 && (field is null || named.Any(name => name.StartsWith(field, StringComparison.Ordinal))),
            $"{asked}\nexpected a word about '{field}', found {heard.Text}");
    }
}
