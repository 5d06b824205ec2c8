using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Audit;

namespace AgentCluster.Tests.Bridge;

/// <summary>A page of a foreign site, and a name that foreign DNS points here, reach nothing.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private readonly ScriptedActors _actors = new();
    private readonly NoNode _node = new();
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(_actors, _node, _node);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    // Broken on purpose: SiteGuard letting every Host through, then every Origin.
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("localhost.evil.example:PORT")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.2:PORT")]
    [InlineData("0.0.0.0:PORT")]
    [InlineData("[::2]:PORT")]
    [InlineData("127.0.0.1.:PORT")]
    public async Task A_foreign_Host_is_refused_and_nothing_is_asked(string host)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            (await SendAsync(method, ("Host", host))).IsProblem(403, "forbidden");
        }

        // That it was refused is recorded, at any time after.
        Assert.DoesNotContain(_actors.Asked, asked => asked.Command is not AuditCommand.RecordEntries);
    }

    [Theory]
    [InlineData("localhost:PORT")]
    [InlineData("LocalHost:PORT")]
    [InlineData("127.0.0.1:PORT")]
    [InlineData("[::1]:PORT")]
    public async Task Our_own_names_are_taken(string host) => (await SendAsync(HttpMethod.Post, ("Host", host))).IsProblem(503, "unavailable");

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost.evil.example:PORT")]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:PORT.evil.example")]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://127.0.0.1:PORT http://evil.example")]
    public async Task A_foreign_Origin_is_refused_and_nothing_is_asked(string origin)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            (await SendAsync(method, ("Origin", origin))).IsProblem(403, "forbidden");
        }

        Assert.DoesNotContain(_actors.Asked, asked => asked.Command is not AuditCommand.RecordEntries);
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT")]
    [InlineData("http://localhost:PORT")]
    [InlineData("http://[::1]:PORT")]
    public async Task Our_own_origin_is_taken(string origin) => (await SendAsync(HttpMethod.Post, ("Origin", origin))).IsProblem(503, "unavailable");

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 503)]
    [InlineData("none", 503)]
    public async Task A_page_of_another_site_may_not_write(string site, int status)
    {
        Assert.Equal(status, (await SendAsync(HttpMethod.Post, ("Sec-Fetch-Site", site))).Status);
        Assert.Equal(status == 403 ? 0 : 1, _actors.Asked.Count(asked => asked.Actor.Kind == "registry"));
    }

    private Task<Heard> SendAsync(HttpMethod method, (string Name, string Value) header)
    {
        // The registration is unknown, so that the first question goes to the registry.
        _actors.Answer = (actor, command) => actor.Kind == "agent"
            ? new AgentReply.NotFound()
            : throw new ActorUnavailableException(actor, Unavailable.NotReady, "not in this test");
        var value = header.Value.Replace("PORT", _bridge.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var path = method == HttpMethod.Get ? "/api/v1/tasks/available/" : "/api/v1/tasks/claim/";
        return _bridge.SendAsync(BridgeUnderTest.Request(method, path, method == HttpMethod.Get ? null : """{"agent":"ada"}""", (header.Name, value)));
    }
}
