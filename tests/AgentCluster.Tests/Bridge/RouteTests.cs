using System.Net.Sockets;
using System.Text;
using AgentCluster.Bridge.Problems;

namespace AgentCluster.Tests.Bridge;

/// <summary>Paths, methods, health, and what is said where there is nothing.</summary>
public sealed class RouteTests : IAsyncLifetime
{
    private readonly NoNode _nothing = new();
    private string? _notReady;
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() =>
        _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing, () => _notReady);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/cluster/status")]
    [InlineData("/api/v1/agents")]
    [InlineData("/api/v1/tasks")]
    public async Task A_path_is_the_same_with_and_without_its_slash(string path)
    {
        var without = (await _bridge.GetAsync(path)).Is(200);

        Assert.Equal(without, await _bridge.GetAsync(path + "/"));
    }

    [Fact]
    public async Task A_node_that_cannot_serve_is_alive_and_not_ready_and_says_why()
    {
        _notReady = "The node is draining.";

        (await _bridge.GetAsync("/health/live")).Is(200);
        var heard = (await _bridge.GetAsync("/health/ready")).IsProblem(503, "unavailable");
        Assert.Contains("draining", heard.Text, StringComparison.Ordinal);
        Assert.NotNull(heard.RetryAfter);
    }

    [Theory]
    [InlineData("/nope")]
    [InlineData("/api/v1/")]
    [InlineData("/api/v2/tasks/")]
    [InlineData("/api/v1/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV/surprise/")]
    [InlineData("/api/v1/tasks//")]
    [InlineData("/problems/nope")]
    [InlineData("/..%2f..%2fetc/passwd")]
    public async Task What_is_not_there_is_a_problem_too(string path) => (await _bridge.GetAsync(path)).IsProblem(404, "not_found");

    [Theory]
    [InlineData("DELETE", "/api/v1/tasks/", "GET, POST")]
    [InlineData("GET", "/api/v1/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV/claim", "POST")]
    [InlineData("PATCH", "/api/v1/agents/ada", "DELETE, GET, PUT")]
    [InlineData("POST", "/health/live", "GET")]
    public async Task A_method_that_a_path_does_not_take_is_told_which_it_takes(string method, string path, string allowed)
    {
        var heard = (await _bridge.SendAsync(BridgeUnderTest.Request(new(method), path, method == "GET" ? null : "{}"))).IsProblem(405, "method_not_allowed");

        Assert.Equal(allowed, string.Join(", ", heard.Allow!.Split(", ").Order()));
    }

    [Fact]
    public async Task Every_kind_of_problem_is_explained_where_its_type_points()
    {
        foreach (var kind in ProblemKind.All)
        {
            var page = (await _bridge.GetAsync(kind.Type)).Is(200);
            Assert.Contains(kind.Advice, page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(ProblemKind.All.Count, ProblemKind.All.Select(kind => kind.Code).Distinct().Count());
    }

    [Fact]
    public async Task The_front_page_says_what_to_do_next() =>
        Assert.Contains("/api/v1/tasks/claim/", (await _bridge.GetAsync("/")).Is(200).Text, StringComparison.Ordinal);

    // Below HTTP there is no problem document: the server answers 400 by itself, and lives.
    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("POST /api/v1/tasks/claim HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("POST /api/v1/tasks/claim HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("POST /api/v1/tasks/claim HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{}{}")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n")]
    public async Task Broken_HTTP_is_a_400_and_the_node_lives(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_bridge.Address.Host, _bridge.Address.Port, TestContext.Current.CancellationToken);
        var text = request.Replace("PORT", _bridge.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());

        var status = await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.Matches("^HTTP/1.1 (400|403|505) ", status);
        (await _bridge.GetAsync("/health/live")).Is(200);
        Assert.Empty(_bridge.Log.Lines);
    }
}
