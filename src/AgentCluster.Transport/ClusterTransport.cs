using System.Collections.Concurrent;
using System.Net;
using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport.Handshakes;
using AgentCluster.Transport.Listening;
using AgentCluster.Transport.Peers;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Transport;

/// <summary>Node to node over TCP: one connection to each other node for questions, one from each for its own.</summary>
public sealed class ClusterTransport : ITransport, IAsyncDisposable
{
    private readonly TransportOptions _options;
    private readonly ClusterProof _proof;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Listener _listener;
    private readonly TransportCounts _counts = new();
    private readonly ConcurrentDictionary<Peer, PeerLink> _links = [];
    private IService? _service;

    /// <summary>Takes the cluster port; nothing is served before <see cref="Serve"/>.</summary>
    /// <param name="options">Where, and the bounds.</param>
    /// <param name="clock">Measures patience.</param>
    /// <param name="log">For operators.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="ArgumentException">The address is not loopback, and there are no certificates.</exception>
    public ClusterTransport(TransportOptions options, TimeProvider clock, ILogger<ClusterTransport> log)
    {
        if (!IPAddress.IsLoopback(options.Listen.Address) && options.Tls is null)
        {
            throw new ArgumentException($"{options.Listen} is not a loopback address, so there must be certificates.", nameof(options));
        }

        (_options, _clock, _log) = (options, clock, log);
        _proof = new(options.Secret.Span);
        _listener = new(options, _proof, _counts, clock, log);
    }

    /// <inheritdoc/>
    public string Address => _options.Address ?? _listener.EndPoint.ToString();

    /// <summary>What it measures, for operators.</summary>
    public IReadOnlyList<Metric> Metrics => _counts.All();

    /// <inheritdoc/>
    public void Serve(IService service)
    {
        _service = service;
        _listener.Start(service);
    }

    /// <inheritdoc/>
    public void Ask(Peer to, ReadOnlyMemory<byte> request, IAnswer answer) => LinkTo(to).Ask(request, answer);

    /// <inheritdoc/>
    public void Tell(Peer to, ReadOnlyMemory<byte> message) => LinkTo(to).Tell(message);

    /// <inheritdoc/>
    public void Keep(IReadOnlyCollection<Peer> peers)
    {
        foreach (var gone in _links.Keys.Except(peers).ToList())
        {
            if (_links.TryRemove(gone, out var link))
            {
                link.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        Keep([]);
    }

    private PeerLink LinkTo(Peer peer) => _links.TryGetValue(peer, out var link)
        ? link
        : _links.GetOrAdd(peer, to => new(to, new SocketConnector(_options, _proof, _clock, () => _service!.Incarnation), _options, _counts, _clock, _log));
}
