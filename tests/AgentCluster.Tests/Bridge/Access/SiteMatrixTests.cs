using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>
/// Host × Origin × Content-Type × Sec-Fetch-Site × method: whatever a page of another site can make a browser send changes
/// nothing, and is refused with the code that is declared for the first thing wrong with it.
/// </summary>
public sealed class SiteMatrixTests : IAsyncLifetime
{
    private static readonly (string? Value, bool IsOurs)[] Hosts =
        [("127.0.0.1:PORT", true), ("localhost:PORT", true), ("[::1]:PORT", true), ("evil.example", false), ("evil.example:PORT", false), ("127.0.0.1.evil.example:PORT", false)];

    private static readonly (string? Value, bool IsOurs)[] Origins =
        [(null, true), ("http://127.0.0.1:PORT", true), ("http://localhost:PORT", true), ("null", false), ("http://evil.example", false), ("https://127.0.0.1:PORT", false), ("http://localhost.evil.example:PORT", false)];

    private static readonly (string? Value, bool IsOurs)[] Types =
        [("application/json", true), (null, false), ("text/plain", false), ("application/x-www-form-urlencoded", false), ("multipart/form-data; boundary=x", false), ("text/plain; application/json", false)];

    private static readonly (string? Value, bool IsOurs)[] Sites =
        [(null, true), ("none", true), ("same-origin", true), ("same-site", false), ("cross-site", false), ("surprise", false)];

    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"];

    private readonly ScriptedActors _actors = new();
    private readonly NoNode _nothing = new();
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(_actors, _nothing, _nothing);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    // Broken on purpose: Sec-Fetch-Site not looked at.
    [Fact]
    public async Task A_hostile_combination_asks_nothing_of_any_actor_and_hears_the_declared_code()
    {
        using var connection = await RawAsync();
        foreach (var host in Hosts)
        {
            foreach (var origin in Origins)
            {
                foreach (var type in Types)
                {
                    foreach (var site in Sites)
                    {
                        foreach (var method in Methods)
                        {
                            var isWrite = method is "POST" or "PUT" or "DELETE" or "PATCH";
                            var expected = !host.IsOurs || !origin.IsOurs || !site.IsOurs ? 403
                                : method is not "POST" ? 405
                                : type.IsOurs ? 503
                                : 415;
                            var status = await SendAsync(connection, method, host.Value!, origin.Value, type.Value, site.Value, isWrite);

                            Assert.True(status == expected, $"{method}, Host {host.Value}, Origin {origin.Value}, {type.Value}, {site.Value}: expected {expected}, found {status}");
                            Assert.Equal(expected == 503, _actors.Asked.Any(asked => asked.Actor.Kind == Kinds.Agent));
                            _actors.Forget();
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_link_that_is_followed_shows_a_page_and_an_embedded_one_does_not()
    {
        (await FetchAsync("GET", "/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))).Is(200);
        (await FetchAsync("GET", "/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe"))).IsProblem(403, "forbidden");
        (await FetchAsync("GET", "/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script"))).IsProblem(403, "forbidden");
        (await FetchAsync("POST", "/api/v1/tasks/claim/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))).IsProblem(403, "forbidden");
    }

    // A browser asks before it lets a public page reach a private address; no answer that allows it is ever given.
    [Fact]
    public async Task A_preflight_of_another_site_is_refused_and_nothing_is_allowed()
    {
        using var request = BridgeUnderTest.Request(
            HttpMethod.Options,
            "/api/v1/tasks/claim/",
            null,
            ("Origin", "https://evil.example"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type"),
            ("Access-Control-Request-Private-Network", "true"));
        using var response = await _bridge.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(403, (int)response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    // A WebSocket handshake is a GET that no preflight precedes: only its Origin tells whose page opens it.
    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task A_WebSocket_of_another_site_is_refused_before_it_is_one(string origin) =>
        (await FetchAsync(
            "GET",
            "/api/v1/events/ws",
            ("Origin", origin),
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))).IsProblem(403, "forbidden");

    private Task<Heard> FetchAsync(string method, string path, params ReadOnlySpan<(string Name, string Value)> headers) =>
        _bridge.SendAsync(BridgeUnderTest.Request(new(method), path, method == "POST" ? "{}" : null, headers));

    // By hand: HttpClient would not send some of these, and a connection for each of ten thousand would be slow.
    private async Task<int> SendAsync(Raw raw, string method, string host, string? origin, string? type, string? site, bool isWrite)
    {
        _actors.Answer = (actor, _) => throw new ActorUnavailableException(actor, Unavailable.NotReady, "not in this test");
        var head = new StringBuilder($"{method} /api/v1/agents/ada/heartbeat HTTP/1.1\r\nHost: {host}\r\n");
        _ = origin is null ? head : head.Append(CultureInfo.InvariantCulture, $"Origin: {origin}\r\n");
        _ = type is null || !isWrite ? head : head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        _ = site is null ? head : head.Append(CultureInfo.InvariantCulture, $"Sec-Fetch-Site: {site}\r\n");
        head.Append(isWrite ? "Content-Length: 2\r\n\r\n{}" : "\r\n");
        return await raw.AskAsync(head.ToString().Replace("PORT", _bridge.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), method == "HEAD");
    }

    private async Task<Raw> RawAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_bridge.Address.Host, _bridge.Address.Port, TestContext.Current.CancellationToken);
        return new(client);
    }

    /// <summary>One connection, one request after another.</summary>
    private sealed class Raw(TcpClient client) : IDisposable
    {
        private readonly StreamReader _reader = new(client.GetStream(), Encoding.Latin1);

        public async Task<int> AskAsync(string request, bool isHead)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            var line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException($"No answer to {request}");
            var status = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            var length = 0;
            while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } header)
            {
                length = header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(header.AsSpan(16), CultureInfo.InvariantCulture) : length;
            }

            if (!isHead && length > 0)
            {
                await _reader.ReadBlockAsync(new char[length], TestContext.Current.CancellationToken);
            }

            return status;
        }

        public void Dispose()
        {
            _reader.Dispose();
            client.Dispose();
        }
    }
}
