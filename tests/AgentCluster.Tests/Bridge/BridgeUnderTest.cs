using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.OpenApi;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Node.Logs;
using AgentCluster.Tests.Bridge.Contract;
using AgentCluster.Tests.Node.Logs;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Tests.Bridge;

/// <summary>
/// A bridge that listens on a free port of loopback, and a client that speaks to it. Every answer that the client hears
/// is held against the OpenAPI document that the bridge serves.
/// </summary>
internal sealed class BridgeUnderTest : IAsyncDisposable
{
    private readonly BridgeServer _server;
    private ServedContract? _contract;

    private BridgeUnderTest(BridgeServer server, HttpClient http, LogLines log, FormattedLog json) => (_server, Http, Log, Json) = (server, http, log, json);

    public HttpClient Http { get; }

    public Uri Address => _server.Address;

    public IReadOnlyList<Route> Routes => _server.Routes;

    public IReadOnlyList<Metric> Metrics => _server.Metrics;

    /// <summary>All that was written to the log, from warnings on.</summary>
    public LogLines Log { get; }

    /// <summary>The same as it stands on stderr in JSON.</summary>
    public FormattedLog Json { get; }

    public static async Task<BridgeUnderTest> StartAsync(
        IActorClient actors,
        IActorInspector inspector,
        IRowReader rows,
        Func<string?>? notReady = null,
        Func<BridgeOptions, BridgeOptions>? with = null,
        TimeProvider? clock = null,
        IJournalReader? journal = null,
        IJournalSignal? writes = null,
        IProjections? projections = null,
        IReadOnlyList<Metric>? metrics = null,
        IUpkeep? upkeep = null,
        ILogLevel? logLevel = null)
    {
        var log = new LogLines();
        var json = new FormattedLog(new JsonLines());
        var options = new BridgeOptions(new(IPAddress.Loopback, 0), "0123456789abcdef0123456789abcdef"u8.ToArray());
        var server = await BridgeServer.StartAsync(
            with?.Invoke(options) ?? options,
            new(
                actors,
                inspector,
                rows,
                journal ?? new NoNode(),
                writes ?? new NoNode(),
                projections ?? new NoNode(),
                new UlidSource(TimeProvider.System, RandomNumberGenerator.Fill),
                clock ?? TimeProvider.System,
                LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log).AddProvider(json)),
                notReady ?? (() => null))
            {
                Metrics = metrics ?? [],
                Upkeep = upkeep ?? new ScriptedUpkeep(),
                Log = logLevel,
                Cluster = inspector as IClusterInspector ?? new NoNode(),
            },
            CancellationToken.None);
        return new(server, new() { BaseAddress = server.Address }, log, json);
    }

    /// <summary>Writes what the audit has gathered, without its pause.</summary>
    public Task WriteAuditAsync() => _server.Audit.WriteAsync();

    public Task<Heard> GetAsync(string path, params ReadOnlySpan<(string Name, string Value)> headers) =>
        SendAsync(Request(HttpMethod.Get, path, null, headers));

    public Task<Heard> PostAsync(string path, string json, params ReadOnlySpan<(string Name, string Value)> headers) =>
        SendAsync(Request(HttpMethod.Post, path, json, headers));

    public Task<Heard> PutAsync(string path, string json, params ReadOnlySpan<(string Name, string Value)> headers) =>
        SendAsync(Request(HttpMethod.Put, path, json, headers));

    public Task<Heard> DeleteAsync(string path, params ReadOnlySpan<(string Name, string Value)> headers) =>
        SendAsync(Request(HttpMethod.Delete, path, null, headers));

    public async Task<Heard> SendAsync(HttpRequestMessage request)
    {
        using var owned = request;
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var heard = await Heard.ReadAsync(response);
        var path = response.RequestMessage!.RequestUri!.AbsolutePath;
        if (Contract.Differs(request.Method.Method, path, heard) is { } difference)
        {
            Assert.Fail($"{request.Method} {path} {heard.Status}: {difference}\n{heard.Text}");
        }

        return heard;
    }

    /// <summary>The OpenAPI document that it serves. Made here, because not everybody who is tested may read it.</summary>
    public ServedContract Contract => _contract ??= new(Encoding.UTF8.GetString(Document.Write(_server.Routes)));

    public static HttpRequestMessage Request(
        HttpMethod method, string path, string? json, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public Task StopAsync() => _server.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }
}

/// <summary>What was answered.</summary>
internal sealed record Heard(int Status, string? Type, string Text, Uri? Location, string? RetryAfter, string? Allow)
{
    private readonly Dictionary<string, string> _headers = [];

    /// <summary>All headers but those of the body.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers;

    public string? ETag => _headers.GetValueOrDefault("ETag");

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    // Two answers are the same when they say the same, whenever they were given: Date is no part of it.
    public bool Equals(Heard? other) => other is not null
        && (Status, Type, Text, Location, RetryAfter, Allow, ETag) == (other.Status, other.Type, other.Text, other.Location, other.RetryAfter, other.Allow, other.ETag);

    public override int GetHashCode() => HashCode.Combine(Status, Text);

    public static async Task<Heard> ReadAsync(HttpResponseMessage response)
    {
        var heard = await ReadBodyAsync(response);
        foreach (var (name, values) in response.Headers)
        {
            heard._headers.Add(name, string.Join(", ", values));
        }

        return heard;
    }

    private static async Task<Heard> ReadBodyAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers.Location,
        response.Headers.RetryAfter?.ToString(),
        string.Join(", ", response.Content.Headers.Allow));

    /// <summary>Asserts that this is a problem as the contract says.</summary>
    public Heard IsProblem(int status, string code)
    {
        Assert.True(Status == status, $"Expected {status} {code}, found {Status}: {Text}");
        Assert.Equal("application/problem+json", Type);
        Assert.Equal(code, Code);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.Equal("/problems/" + code, Json.GetProperty("type").GetString());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        return this;
    }

    /// <summary>Asserts a status, and shows the answer when it is another.</summary>
    public Heard Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, found {Status}: {Text}");
        return this;
    }
}
