using System.Collections.Concurrent;
using System.Security.Cryptography;
using AgentCluster.Bridge.Guards;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace AgentCluster.Bridge.Mcp;

/// <summary>One client of the older revisions, from its handshake on. It is no identity: who acts stands in each call.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly McpServer _server;
    private readonly Task _running;
    private int _streams;

    /// <param name="who">Who shook hands; nobody else may go on with it.</param>
    /// <param name="options">What the server offers.</param>
    /// <param name="logs">Where the server writes to.</param>
    public McpSession(Principal who, McpServerOptions options, ILoggerFactory logs)
    {
        Who = who.Name;
        Transport = new(logs) { SessionId = Id };
        _server = McpServer.Create(Transport, options, logs, serviceProvider: null);
        _running = _server.RunAsync(_ended.Token);
    }

    /// <summary>128 bits of chance.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Who shook hands.</summary>
    public string Who { get; }

    /// <summary>Between the requests of the client and the server.</summary>
    public StreamableHttpServerTransport Transport { get; }

    /// <summary>Monotonic timestamp of the last request.</summary>
    public long UsedAt { get; set; }

    /// <summary>How many of its requests are being answered; one in use does not expire.</summary>
    public int Using;

    /// <summary>Takes the one stream of unsolicited messages that a session may have.</summary>
    /// <returns>False when it is taken.</returns>
    public bool TryTakeStream() => Interlocked.CompareExchange(ref _streams, 1, 0) == 0;

    /// <summary>Gives the stream back.</summary>
    public void GiveStream() => Volatile.Write(ref _streams, 0);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Transport.DisposeAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // It was told to end.
        }

        await _server.DisposeAsync();
        _ended.Dispose();
    }
}

/// <summary>The sessions of this node: bounded, and gone after half an hour without a request.</summary>
/// <param name="clock">Measures that.</param>
internal sealed class McpSessions(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Most at a time.</summary>
    public const int Most = 1_000;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, McpSession> _all = new(StringComparer.Ordinal);

    /// <summary>Finds a session of a caller; null when it has none of that id.</summary>
    public McpSession? Find(string id, Principal who)
    {
        if (!_all.TryGetValue(id, out var session) || session.Who != who.Name)
        {
            return null;
        }

        session.UsedAt = clock.GetTimestamp();
        return session;
    }

    /// <summary>Adds a session, in the place of those that are idle.</summary>
    /// <returns>False when there are as many as there may be.</returns>
    public async ValueTask<bool> TryAddAsync(McpSession session)
    {
        foreach (var idle in _all.Values.Where(each => each.Using == 0 && clock.GetElapsedTime(each.UsedAt) > Idle))
        {
            await EndAsync(idle);
        }

        session.UsedAt = clock.GetTimestamp();
        return _all.Count < Most && _all.TryAdd(session.Id, session);
    }

    /// <summary>Ends a session.</summary>
    public async ValueTask EndAsync(McpSession session)
    {
        if (_all.TryRemove(session.Id, out _))
        {
            await session.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _all.Values)
        {
            await EndAsync(session);
        }
    }
}
