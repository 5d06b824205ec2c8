using System.Net;
using AgentCluster.Runtime;

namespace AgentCluster.Node.Settings;

/// <summary>What settings must be to each other. Each alone is in its range already.</summary>
internal static class Relations
{
    /// <summary>The first relation that does not hold: the key to name, and why; null when all hold.</summary>
    public static (string Key, string Reason)? Broken(NodeSettings settings) =>
        Broken(settings.Http) ?? Broken(settings.Store, settings.Cluster) ?? Broken(settings.Cluster) ?? Unreachable(settings) ?? Broken(settings.Runtime);

    private static (string Key, string Reason)? Broken(HttpSettings http) => http switch
    {
        { IsExposed: true, Keys: false } or { IsExposed: true, TlsCertificate: null, TrustedProxy: null } => (
            "agentcluster.http.host",
            $"{http.Host} can be reached from other machines. Use 127.0.0.1 or [::1]; or set agentcluster.http.keys = on (it is {(http.Keys ? "on" : "off")}), "
            + "and agentcluster.http.tls-certificate, or agentcluster.http.trusted-proxy where another program ends TLS "
            + $"({(http.TlsCertificate is null && http.TrustedProxy is null ? "neither" : "one")} is set)."),
        { Hosts.IsEmpty: false, Keys: false } => (
            "agentcluster.http.hosts",
            "expected agentcluster.http.keys = on, found off: whoever reaches the node by a name of its own may come from another machine."),
        { TrustedProxy: not null, Keys: false } => (
            "agentcluster.http.trusted-proxy",
            "expected agentcluster.http.keys = on, found off: what a proxy passes on comes from other machines."),
        { TlsCertificate: null, TlsKey: not null } => ("agentcluster.http.tls-key", "expected agentcluster.http.tls-certificate with it, found none."),
        _ => null,
    };

    private static (string Key, string Reason)? Broken(StoreSettings store, ClusterSettings cluster) => (store, cluster) switch
    {
        ({ Postgres: null, Password: not null }, _) => ("agentcluster.store.password", "expected agentcluster.store.postgres with it, found none."),
        ({ Postgres: not null }, { Secret: null }) => (
            "agentcluster.store.postgres",
            "expected agentcluster.cluster.secret with it, the same on every node, found none. Make one, for example with "
            + "openssl rand -base64 32, and say it in AGENTCLUSTER_CLUSTER_SECRET."),
        ({ Postgres: null }, { Secret: not null }) => (
            "agentcluster.cluster.secret", "expected agentcluster.store.postgres with it, found none: a node alone keeps its secret in its data directory."),
        _ => null,
    };

    private static (string Key, string Reason)? Broken(ClusterSettings cluster) => cluster switch
    {
        { TlsCertificate: null } when !IPAddress.IsLoopback(cluster.Host) => (
            "agentcluster.cluster.host",
            $"{cluster.Host} can be reached from other machines. Use 127.0.0.1 or [::1]; or set agentcluster.cluster.tls-authority and "
            + "agentcluster.cluster.tls-certificate, which pbm cluster init makes."),
        { TlsAuthority: null, TlsCertificate: not null } or { TlsAuthority: not null, TlsCertificate: null } => (
            "agentcluster.cluster.tls-certificate", "expected agentcluster.cluster.tls-authority and agentcluster.cluster.tls-certificate, found one without the other."),
        { TlsCertificate: null, TlsKey: not null } => ("agentcluster.cluster.tls-key", "expected agentcluster.cluster.tls-certificate with it, found none."),
        { PeerAddress: null } when cluster.Host.Equals(IPAddress.Any) || cluster.Host.Equals(IPAddress.IPv6Any) => (
            "agentcluster.cluster.host", $"expected agentcluster.cluster.peer-address with it: other nodes cannot be told to go to {cluster.Host}."),
        _ => null,
    };

    private static (string Key, string Reason)? Unreachable(NodeSettings settings) =>
        settings is { Store.Postgres: not null, Cluster.Address: null } && (settings.Http.Port == 0 || settings.Http.Host.Equals(IPAddress.Any) || settings.Http.Host.Equals(IPAddress.IPv6Any))
            ? ("agentcluster.http.port", $"expected agentcluster.cluster.address with it: callers and other nodes cannot be told to go to {settings.ClusterAddress}.")
            : null;

    private static (string Key, string Reason)? Broken(NodeOptions runtime) => runtime switch
    {
        _ when runtime.MailboxCapacity > runtime.MaxPending => (
            "agentcluster.runtime.mailbox-capacity",
            FormattableString.Invariant($"expected at most max-pending ({runtime.MaxPending}): no more commands than that wait on the whole node.")),
        _ when runtime.GroupTurns < runtime.Lanes => (
            "agentcluster.runtime.group-turns",
            FormattableString.Invariant($"expected at least as many as lanes ({runtime.Lanes}): each lane takes one turn into a group.")),
        _ when runtime.CommandRetention < 2 * (runtime.AskTimeout + runtime.SettleWindow) => (
            "agentcluster.runtime.command-retention",
            $"expected at least twice ask-timeout ({Durations.Show(runtime.AskTimeout)}) and settle-window ({Durations.Show(runtime.SettleWindow)}) together: a caller whose outcome is unknown must be able to send again."),
        _ when runtime.MaintenanceEvery > runtime.CommandRetention => (
            "agentcluster.runtime.maintenance-every",
            $"expected at most command-retention ({Durations.Show(runtime.CommandRetention)}): ids would be kept for much longer than was asked for."),
        _ => null,
    };
}
