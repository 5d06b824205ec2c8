using System.Net;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Settings;

/// <summary>All that can be set on a node, with its defaults.</summary>
internal sealed record NodeSettings
{
    /// <summary>Key <c>agentcluster.http.host</c>. A loopback address. Default: 127.0.0.1.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>Key <c>agentcluster.http.port</c>. 0 takes a free port. Default: 5080.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Key <c>agentcluster.data.directory</c>. Default: the user's data directory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Key <c>agentcluster.runtime.lanes</c>. How many lanes take turns side by side, 1 to 64. Default: as many as cores, 2 at least.</summary>
    public int Lanes { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 64);

    /// <summary>Key <c>agentcluster.log.level</c>. What is written to stderr. Default: warning.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}
