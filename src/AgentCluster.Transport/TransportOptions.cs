using System.Net;

namespace AgentCluster.Transport;

/// <summary>How a node talks to the others. Section <c>agentcluster.cluster</c> of the HOCON files.</summary>
/// <param name="Listen">Where it listens. Anything but loopback needs <see cref="Tls"/>.</param>
/// <param name="Secret">The cluster's: who does not know it is not heard.</param>
public sealed record TransportOptions(IPEndPoint Listen, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Where other nodes reach it, host and port; null where <see cref="Listen"/> is enough.</summary>
    public string? Address { get; init; }

    /// <summary>The certificates; null for none, on loopback only.</summary>
    public PeerTls? Tls { get; init; }

    /// <summary>How many bytes one message may have; a longer one is certainly not sent. Default: 16 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many questions may wait at one other node; one more is certainly not sent. Default: 8,192.</summary>
    public int MaxOutstanding { get; init; } = 8_192;

    /// <summary>How many bytes may wait to be sent to one other node; what would be more is certainly not sent. Default: 32 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many connections of other nodes are held at a time; one more is closed. Default: 1,024.</summary>
    public int MaxConnections { get; init; } = 1_024;

    /// <summary>How long a connection and its handshake may take. Default: 2 seconds.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long another node may say nothing while questions wait there, before they are given up as lost. Default: 3 seconds.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(3);
}
