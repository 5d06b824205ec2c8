using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace AgentCluster.Bridge.Server;

/// <summary>Where the bridge listens, and what it needs to know of its cluster.</summary>
/// <param name="Listen">Where; port 0 takes a free one. An address that is not loopback needs <see cref="Keys"/>, and <see cref="Tls"/> or <see cref="TrustedProxy"/>.</param>
/// <param name="Secret">The cluster's secret, from which agents' handles are derived; at least 32 random bytes.</param>
public sealed record BridgeOptions(IPEndPoint Listen, ReadOnlyMemory<byte> Secret)
{
    /// <summary>How many connections are held at a time; one more is closed. Default: 2,048.</summary>
    public int MaxConnections { get; init; } = 2_048;

    /// <summary>How many of them may wait for live events; one more is answered <c>overloaded</c>. Default: 1,536.</summary>
    public int MaxListening { get; init; } = 1_536;

    /// <summary>Whether every caller must show a key or a handle. Default: no.</summary>
    public bool Keys { get; init; }

    /// <summary>Names, with their ports, that callers reach the node by, beside loopback's and addresses.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What it shows callers; null for no TLS.</summary>
    public ServerCertificate? Tls { get; init; }

    /// <summary>The only other machine that may connect, because it ends TLS; null when none does.</summary>
    public IPAddress? TrustedProxy { get; init; }

    /// <summary>How many requests each principal may send a second, and at once. Default: 50,000.</summary>
    public int RequestsPerSecond { get; init; } = 50_000;

    /// <summary>Whether callers of other machines are told apart and cannot be listened to, wherever it listens.</summary>
    internal bool IsSafe => IPAddress.IsLoopback(Listen.Address) || (Keys && (Tls is not null || TrustedProxy is not null));
}

/// <summary>The certificate that a node shows.</summary>
/// <param name="Leaf">With its private key.</param>
/// <param name="Chain">What lies between it and a root; may hold the leaf too.</param>
public sealed record ServerCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain);
