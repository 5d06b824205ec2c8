using System.Net;

namespace AgentCluster.Bridge.Server;

/// <summary>Where the bridge listens, and what it needs to know of its cluster.</summary>
/// <param name="Listen">A loopback address; port 0 takes a free one.</param>
/// <param name="Secret">The cluster's secret, from which agents' handles are derived; at least 32 random bytes.</param>
public sealed record BridgeOptions(IPEndPoint Listen, ReadOnlyMemory<byte> Secret)
{
    /// <summary>How many connections are held at a time; one more is closed. Default: 2,048.</summary>
    public int MaxConnections { get; init; } = 2_048;
}
