using System.Net;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Domain;
using AgentCluster.Node.Data;
using AgentCluster.Node.Hocon;
using AgentCluster.Node.Logs;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Settings;

/// <summary>Every key of a node.</summary>
internal static class Keys
{
    private const int MostHosts = 16;
    private const string None = "null";

    /// <summary>All, as they stand in <c>reference.conf</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Text(
            "agentcluster.http.host",
            (settings, text) => settings with { Http = settings.Http with { Host = Address(text) } },
            settings => settings.Http.Host.ToString()),
        Setting.Number(
            "agentcluster.http.port", 0, 65_535, settings => settings.Http.Port, (settings, port) => settings with { Http = settings.Http with { Port = port } }),
        Setting.Number(
            "agentcluster.http.max-connections",
            1,
            100_000,
            settings => settings.Http.MaxConnections,
            (settings, most) => settings with { Http = settings.Http with { MaxConnections = most } }),
        Setting.Text(
            "agentcluster.http.keys",
            (settings, text) => settings with { Http = settings.Http with { Keys = OnOff(text) } },
            settings => settings.Http.Keys ? "on" : "off"),
        Setting.Text(
            "agentcluster.http.hosts",
            (settings, text) => settings with { Http = settings.Http with { Hosts = Names(text) } },
            settings => string.Join(' ', settings.Http.Hosts)),
        OrChosen(Setting.Text(
            "agentcluster.http.tls-certificate",
            (settings, text) => settings with { Http = settings.Http with { TlsCertificate = PathOf(text, "file") } },
            settings => settings.Http.TlsCertificate ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.http.tls-key",
            (settings, text) => settings with { Http = settings.Http with { TlsKey = PathOf(text, "file") } },
            settings => settings.Http.TlsKey ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.http.tls-password",
            (settings, text) => settings with { Http = settings.Http with { TlsPassword = new(text) } },
            settings => settings.Http.TlsPassword?.ToString() ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.http.trusted-proxy",
            (settings, text) => settings with { Http = settings.Http with { TrustedProxy = Address(text) } },
            settings => settings.Http.TrustedProxy?.ToString() ?? None)),
        Setting.Number(
            "agentcluster.http.requests-per-second",
            1,
            1_000_000,
            settings => settings.Http.RequestsPerSecond,
            (settings, most) => settings with { Http = settings.Http with { RequestsPerSecond = most } }),
        OrChosen(Setting.Text(
            "agentcluster.data.directory",
            (settings, text) => settings with { Data = settings.Data with { Directory = PathOf(text, "folder") } },
            settings => settings.Data.Directory ?? DefaultDirectory.Find())),
        OrChosen(Setting.Text(
            "agentcluster.data.backups",
            (settings, text) => settings with { Data = settings.Data with { Backups = PathOf(text, "folder") } },
            settings => settings.Data.Backups ?? Path.Combine(settings.Data.Directory ?? DefaultDirectory.Find(), "backups"))),
        OrChosen(Setting.Text(
            "agentcluster.store.postgres",
            (settings, text) => settings with { Store = settings.Store with { Postgres = PostgresOptions.Check(text) } },
            settings => settings.Store.Postgres ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.store.password",
            (settings, text) => settings with { Store = settings.Store with { Password = new(text) } },
            settings => settings.Store.Password?.ToString() ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.cluster.secret",
            (settings, text) => settings with { Cluster = settings.Cluster with { Secret = ClusterSecret.Check(text) } },
            settings => settings.Cluster.Secret?.ToString() ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.cluster.address",
            (settings, text) => settings with { Cluster = settings.Cluster with { Address = Url(text) } },
            settings => settings.Cluster.Address ?? None)),
        Setting.Duration(
            "agentcluster.cluster.lease",
            Seconds(1),
            Minutes(5),
            settings => settings.Cluster.Lease,
            (settings, time) => settings with { Cluster = settings.Cluster with { Lease = time } }),
        Setting.Text(
            "agentcluster.cluster.host",
            (settings, text) => settings with { Cluster = settings.Cluster with { Host = Address(text) } },
            settings => settings.Cluster.Host.ToString()),
        Setting.Number(
            "agentcluster.cluster.port", 0, 65_535, settings => settings.Cluster.Port, (settings, port) => settings with { Cluster = settings.Cluster with { Port = port } }),
        OrChosen(Setting.Text(
            "agentcluster.cluster.peer-address",
            (settings, text) => settings with { Cluster = settings.Cluster with { PeerAddress = HostAndPort(text) } },
            settings => settings.Cluster.PeerAddress ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.cluster.tls-authority",
            (settings, text) => settings with { Cluster = settings.Cluster with { TlsAuthority = PathOf(text, "file") } },
            settings => settings.Cluster.TlsAuthority ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.cluster.tls-certificate",
            (settings, text) => settings with { Cluster = settings.Cluster with { TlsCertificate = PathOf(text, "file") } },
            settings => settings.Cluster.TlsCertificate ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.cluster.tls-key",
            (settings, text) => settings with { Cluster = settings.Cluster with { TlsKey = PathOf(text, "file") } },
            settings => settings.Cluster.TlsKey ?? None)),
        Setting.Text(
            "agentcluster.log.level",
            (settings, text) => settings with { Log = settings.Log with { Level = Level(text) } },
            settings => ILogLevel.Word(settings.Log.Level)),
        OrChosen(Setting.Text(
            "agentcluster.log.format",
            (settings, text) => settings with { Log = settings.Log with { Format = Format(text) } },
            settings => settings.Log.Format?.ToString().ToLowerInvariant() ?? None)),
        OrChosen(Setting.Text(
            "agentcluster.otlp.endpoint",
            (settings, text) => settings with { Otlp = settings.Otlp with { Endpoint = Collector(text) } },
            settings => settings.Otlp.Endpoint?.ToString() ?? None)),
        Setting.Duration(
            "agentcluster.otlp.metrics-every",
            Seconds(1),
            TimeSpan.FromHours(1),
            settings => settings.Otlp.MetricsEvery,
            (settings, time) => settings with { Otlp = settings.Otlp with { MetricsEvery = time } }),
        Setting.Number(
            "agentcluster.otlp.trace-percent",
            0,
            100,
            settings => settings.Otlp.TracePercent,
            (settings, percent) => settings with { Otlp = settings.Otlp with { TracePercent = percent } }),
        Setting.Text(
            "agentcluster.git.watch",
            (settings, text) => settings with { Git = settings.Git with { Watch = OnOff(text) } },
            settings => settings.Git.Watch ? "on" : "off"),
        Setting.Duration(
            "agentcluster.git.sweep-every",
            Seconds(0.1),
            Minutes(1),
            settings => settings.Git.SweepEvery,
            (settings, time) => settings with { Git = settings.Git with { SweepEvery = time } }),
        Setting.Number(
            "agentcluster.git.processes", 1, 64, settings => settings.Git.Processes, (settings, most) => settings with { Git = settings.Git with { Processes = most } }),
        Setting.Duration(
            "agentcluster.git.timeout",
            Seconds(1),
            Minutes(5),
            settings => settings.Git.Timeout,
            (settings, time) => settings with { Git = settings.Git with { Timeout = time } }),
        Setting.Number(
            "agentcluster.git.max-file-mib", 1, 2_047, settings => settings.Git.MaxFileMib, (settings, most) => settings with { Git = settings.Git with { MaxFileMib = most } }),
        Setting.Text(
            "agentcluster.git.roots",
            (settings, text) => settings with { Git = settings.Git with { Roots = Folders(text) } },
            settings => string.Join(Path.PathSeparator, settings.Git.Roots)),
        OrChosen(Setting.Bound("lanes", 1, 64, runtime => runtime.Lanes, (runtime, lanes) => runtime with { Lanes = lanes })),
        Setting.Bound("shards", 1, 65_536, runtime => runtime.Shards, (runtime, shards) => runtime with { Shards = shards }),
        Setting.Bound("max-pending", 1, 1_000_000, runtime => runtime.MaxPending, (runtime, most) => runtime with { MaxPending = most }),
        Setting.Bound("mailbox-capacity", 1, 1_000_000, runtime => runtime.MailboxCapacity, (runtime, most) => runtime with { MailboxCapacity = most }),
        Setting.Bound("outbox-capacity", 1, 100_000, runtime => runtime.OutboxCapacity, (runtime, most) => runtime with { OutboxCapacity = most }),
        Setting.Bound("batch-turns", 1, 16_384, runtime => runtime.BatchTurns, (runtime, turns) => runtime with { BatchTurns = turns }),
        Setting.Bound("group-turns", 1, 65_536, runtime => runtime.GroupTurns, (runtime, turns) => runtime with { GroupTurns = turns }),
        Setting.Time("ask-timeout", Seconds(0.1), Minutes(5), runtime => runtime.AskTimeout, (runtime, time) => runtime with { AskTimeout = time }),
        Setting.Time("settle-window", Seconds(1), Minutes(5), runtime => runtime.SettleWindow, (runtime, time) => runtime with { SettleWindow = time }),
        Setting.Bound("snapshot-every", 1, 100_000, runtime => runtime.SnapshotEvery, (runtime, events) => runtime with { SnapshotEvery = events }),
        Setting.Time("passivate-after", Seconds(1), TimeSpan.FromDays(1), runtime => runtime.PassivateAfter, (runtime, time) => runtime with { PassivateAfter = time }),
        Setting.Bound("recoveries", 1, 10_000, runtime => runtime.Recoveries, (runtime, most) => runtime with { Recoveries = most }),
        Setting.Time("redelivery", Seconds(0.1), Seconds(30), runtime => runtime.Redelivery, (runtime, time) => runtime with { Redelivery = time }),
        Setting.Time("command-retention", Minutes(1), TimeSpan.FromDays(30), runtime => runtime.CommandRetention, (runtime, time) => runtime with { CommandRetention = time }),
        Setting.Time("maintenance-every", Seconds(1), TimeSpan.FromHours(1), runtime => runtime.MaintenanceEvery, (runtime, time) => runtime with { MaintenanceEvery = time }),
    ];

    // Null leaves the choice to the node.
    private static Setting OrChosen(Setting setting) => setting with
    {
        Apply = (settings, value) => value is HoconScalar { Type: ScalarKind.Null } ? settings : setting.Apply(settings, value),
    };

    private static IPAddress Address(string text) =>
        text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(text.Trim('[', ']'), out var address) ? address
        : throw new FormatException("expected an IP address.");

    private static bool OnOff(string text) => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw new FormatException("expected on or off."),
    };

    private static ValueList<string> Names(string text)
    {
        var names = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return names.Length <= MostHosts && names.All(IsHost)
            ? names.ToValueList()
            : throw new FormatException(
                $"expected at most {MostHosts} names with or without a port, divided by spaces, such as \"agents.example.org agents.example.org:8443\".");
    }

    private static ValueList<string> Folders(string text)
    {
        var folders = text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Length <= MostHosts && folders.All(folder => Path.IsPathFullyQualified(folder) && !folder.Contains('\0', StringComparison.Ordinal))
            ? folders.Select(folder => Path.TrimEndingDirectorySeparator(folder)).ToValueList()
            : throw new FormatException($"expected at most {MostHosts} absolute paths of folders, divided by '{Path.PathSeparator}'.");
    }

    private static bool IsHost(string text) =>
        Uri.TryCreate("https://" + text, UriKind.Absolute, out var uri) && uri.HostNameType is UriHostNameType.Dns && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0;

    private static string Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "" }
            ? text.TrimEnd('/')
            : throw new FormatException("expected a URL without a path, such as https://node1.example.org:5080.");

    private static string HostAndPort(string text) =>
        Uri.TryCreate("tcp://" + text, UriKind.Absolute, out var uri) && uri is { Port: > 0, PathAndQuery: "/" or "", UserInfo: "", Fragment: "" }
            ? text
            : throw new FormatException("expected a host and a port, such as node1.example.org:5081.");

    private static string PathOf(string text, string what) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text)
            : throw new FormatException($"expected the path of a {what}.");

    private static LogLevel Level(string text) =>
        ILogLevel.Words.TryGetValue(text, out var level)
            ? level
            : throw new FormatException($"expected one of {string.Join(", ", ILogLevel.Names)}.");

    private static LogFormat Format(string text) => text switch
    {
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => throw new FormatException("expected text or json."),
    };

    // What a URL carries is shown to people: what proves who sends goes elsewhere.
    private static Uri Collector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? uri
            : throw new FormatException("expected the address of a collector without user, password or query, such as http://127.0.0.1:4318; what must be secret goes into OTEL_EXPORTER_OTLP_HEADERS.");

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
