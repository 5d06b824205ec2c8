using System.Net;
using AgentCluster.Domain;
using AgentCluster.Node.Logs;
using AgentCluster.Runtime;
using AgentCluster.Workers.Snapshots;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Settings;

/// <summary>All that can be set on a node, with its defaults. <c>hocon/reference.conf</c> says the same, key by key.</summary>
internal sealed record NodeSettings
{
    /// <summary>Section <c>agentcluster.http</c>.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>Section <c>agentcluster.data</c>.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>Section <c>agentcluster.store</c>.</summary>
    public StoreSettings Store { get; init; } = new();

    /// <summary>Section <c>agentcluster.cluster</c>.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Where callers reach this one.</summary>
    public string ClusterAddress =>
        Cluster.Address ?? $"{(Http.TlsCertificate is null ? "http" : "https")}://{new IPEndPoint(Http.Host, Http.Port)}";

    /// <summary>Section <c>agentcluster.log</c>.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>Section <c>agentcluster.otlp</c>.</summary>
    public OtlpSettings Otlp { get; init; } = new();

    /// <summary>Section <c>agentcluster.git</c>.</summary>
    public GitSettings Git { get; init; } = new();

    /// <summary>Section <c>agentcluster.runtime</c>. Unlike a simulation's, a node's lanes are as many as its cores, 2 at least.</summary>
    public NodeOptions Runtime { get; init; } = new() { Lanes = Math.Clamp(Environment.ProcessorCount, 2, 64) };
}

/// <summary>How working copies on this machine are watched.</summary>
internal sealed record GitSettings
{
    /// <summary>Whether they are. Default: yes.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>How long after a look the next one begins, 100 ms to 1 m. Default: 2 seconds.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many processes of git run at a time, 1 to 64. Default: 2.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>How long one of them may run, 1 s to 5 m. Default: 20 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Files of more MiB are not read, 1 to 2,047. Default: 32.</summary>
    public int MaxFileMib { get; init; } = 32;

    /// <summary>Folders in which working copies may lie, absolute; none: anywhere. Default: none.</summary>
    public ValueList<string> Roots { get; init; }

    /// <summary>As the reader takes it.</summary>
    public SnapshotLimits Limits => new() { FileBytes = (long)MaxFileMib << 20 };
}

/// <summary>Where callers reach the node.</summary>
internal sealed record HttpSettings
{
    /// <summary>An address of this machine. One that is not loopback needs <see cref="Keys"/>, and TLS or <see cref="TrustedProxy"/>. Default: 127.0.0.1.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port. Default: 5080.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>How many connections are held at a time; one more is closed. Default: 2,048.</summary>
    public int MaxConnections { get; init; } = 2_048;

    /// <summary>Whether every caller must show a key or a handle. Default: no, on loopback callers are trusted.</summary>
    public bool Keys { get; init; }

    /// <summary>The names that callers reach the node by, beside loopback's and addresses; at most 16. Default: none.</summary>
    public ValueList<string> Hosts { get; init; }

    /// <summary>The file of the certificate for TLS, PEM or PFX; null for none. Default: null.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of the certificate's private key, PEM; null when it is in the certificate's file. Default: null.</summary>
    public string? TlsKey { get; init; }

    /// <summary>What the private key is encrypted with; null when it is not. Default: null.</summary>
    public Secret? TlsPassword { get; init; }

    /// <summary>The only other machine that may connect, because it ends TLS for this node; null when none does. Default: null.</summary>
    public IPAddress? TrustedProxy { get; init; }

    /// <summary>How many requests each principal may send a second, and at once. Default: 50,000.</summary>
    public int RequestsPerSecond { get; init; } = 50_000;

    /// <summary>Whether others than this machine can reach the node.</summary>
    public bool IsExposed => !IPAddress.IsLoopback(Host);
}

/// <summary>Where everything is kept.</summary>
internal sealed record DataSettings
{
    /// <summary>Absolute; null for the user's data directory. Default: null.</summary>
    public string? Directory { get; init; }

    /// <summary>Where backups are kept, absolute; null for <c>backups</c> in <see cref="Directory"/>. Default: null.</summary>
    public string? Backups { get; init; }
}

/// <summary>The database that several nodes share, instead of a data directory.</summary>
internal sealed record StoreSettings
{
    /// <summary>Address of a PostgreSQL database, without a password; null for SQLite in the data directory. Default: null.</summary>
    public string? Postgres { get; init; }

    /// <summary>The password for it; null where the user's password file or the server's trust is enough. Default: null.</summary>
    public Secret? Password { get; init; }
}

/// <summary>What the nodes that share a database have in common.</summary>
internal sealed record ClusterSettings
{
    /// <summary>What the handles of agents are derived from, the same on every node; null where a file in the data directory holds it. Default: null.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Where callers reach this one; null where its own address is enough. Default: null.</summary>
    public string? Address { get; init; }

    /// <summary>How long a node may be silent before its shards are taken; the same on every node. Default: 15 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where the cluster port is: an address of this machine. One that is not loopback needs <see cref="TlsCertificate"/>. Default: 127.0.0.1.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>The cluster port, on which other nodes send messages; 0 takes a free one. Default: 0.</summary>
    public int Port { get; init; }

    /// <summary>Where other nodes reach the cluster port, host and port; null where its own address is enough. Default: null.</summary>
    public string? PeerAddress { get; init; }

    /// <summary>The file of the certificate of the cluster's own authority, PEM; null for none. Default: null.</summary>
    public string? TlsAuthority { get; init; }

    /// <summary>The file of this node's certificate, PEM, made by that authority; null for none. Default: null.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of the certificate's private key, PEM; null when it is in the certificate's file. Default: null.</summary>
    public string? TlsKey { get; init; }
}

/// <summary>What is written to stderr.</summary>
internal sealed record LogSettings
{
    /// <summary>The least that is written. Default: warning.</summary>
    public LogLevel Level { get; init; } = LogLevel.Warning;

    /// <summary>Null for text on a terminal and JSON elsewhere. Default: null.</summary>
    public LogFormat? Format { get; init; }
}

/// <summary>Where traces and metrics are sent to.</summary>
internal sealed record OtlpSettings
{
    /// <summary>A collector that takes OTLP over HTTP; null for none. Default: null.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How often metrics are sent. Default: 15 seconds.</summary>
    public TimeSpan MetricsEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Of the traces that begin here, how many in a hundred are sent. Those that a caller began follow its choice. Default: 100.</summary>
    public int TracePercent { get; init; } = 100;
}
