using System.Globalization;
using System.Runtime.InteropServices;
using AgentCluster.Actors;
using AgentCluster.Bridge.Cluster;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Domain.Contracts;
using AgentCluster.Node.Settings;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Postgres;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Node.Upkeep;

/// <summary>Looks at a node from inside: what it runs on, what it is set to, what its data says, which actors wait for somebody.</summary>
/// <param name="own">The data that this node keeps itself; null where it shares a database.</param>
/// <param name="shared">The database that it shares; null where it keeps its data itself.</param>
/// <param name="actors">The actors.</param>
/// <param name="config">What the node is set to.</param>
/// <param name="variables">The names of the environment.</param>
internal sealed class NodeUpkeep(
    OwnData? own, PostgresStore? shared, IActorInspector actors, IReadOnlyList<ConfigEntry> config, Func<IEnumerable<string>> variables)
    : IUpkeep
{
    private const string Reference = "reference.conf";
    private const string Prefix = "AGENTCLUSTER_";
    private const int WalAndFull = 2;

    // Those that other programs of ours read.
    private static readonly string[] NoKeys = ["AGENTCLUSTER_URL", "AGENTCLUSTER_KEY", "AGENTCLUSTER_LONG"];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Finding>> ExamineAsync(bool full, CancellationToken cancellationToken)
    {
        var data = own is not null ? await ExamineAsync(own, full, cancellationToken)
            : shared is not null ? await DatabaseFindings.OfAsync(shared, cancellationToken)
            : [];
        var carried = await actors.InspectAsync(cancellationToken);
        return
        [
            new("version", Condition.Ok, $"AgentCluster {typeof(NodeUpkeep).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
            .. data,
            Config(),
            Contracts(),
            carried.Quarantined.Count == 0
                ? new("actors", Condition.Ok, Text($"{carried.Actors} in memory, none in quarantine"))
                : new("actors", Condition.Failed, $"in quarantine: {string.Join(", ", carried.Quarantined)}", "Their state cannot be read. 'pbm actor inspect' and the log say why; the others go on."),
        ];
    }

    /// <inheritdoc/>
    public ValueTask<BackupReply> BackUpAsync(string? name) => own?.Backups.MakeAsync(name) ?? new(new BackupReply.Elsewhere());

    private static async ValueTask<IReadOnlyList<Finding>> ExamineAsync(OwnData own, bool full, CancellationToken cancellationToken)
    {
        var report = await own.Store.ExamineAsync(full, cancellationToken);
        var (journal, synchronous) = await own.Store.DurabilityAsync(cancellationToken);
        return
        [
            DataFindings.Sqlite(SqliteStore.Library),
            Durability(journal, synchronous),
            .. DataFindings.Of(report, TimeProvider.System.GetUtcNow()),
            .. DataFindings.Of(own.Directory),
        ];
    }

    private static Finding Durability(string journal, long synchronous) => journal == "wal" && synchronous == WalAndFull
        ? new("durability", Condition.Ok, "journal_mode=wal, synchronous=FULL: what was answered is synced before, and survives a power cut as far as the disk is honest")
        : new("durability", Condition.Failed, Text($"journal_mode={journal}, synchronous={synchronous}: a power cut may take back what was answered"), "Report it: this node sets wal and FULL itself.");

    private static Finding Contracts()
    {
        var (names, broken) = EventContracts.Check();
        return broken.Count == 0
            ? new("contracts", Condition.Ok, $"{string.Join(", ", names)} are written, read back and refused where they are not whole")
            : new("contracts", Condition.Failed, string.Join(' ', broken), "Report it: agents of this node and of another version may misunderstand each other.");
    }

    private Finding Config()
    {
        var unknown = variables().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Except(NoKeys).Except(Keys.All.Select(setting => setting.Variable))
            .Order(StringComparer.Ordinal).ToList();
        var set = config.Where(entry => !entry.Origin.StartsWith(Reference, StringComparison.Ordinal)).ToList();
        return unknown.Count > 0
            ? new("config", Condition.Warning, $"of the environment, no key: {string.Join(", ", unknown)}", "Correct the name: 'pbm config show --origin' lists all keys.")
            : new("config", Condition.Ok, set.Count == 0 ? "all as in reference.conf" : Text($"{set.Count} keys set: {string.Join(", ", set.Select(entry => $"{entry.Key} by {entry.Origin}"))}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The data that a node keeps itself.</summary>
/// <param name="Directory">Where.</param>
/// <param name="Store">Reads and writes it.</param>
/// <param name="Backups">Makes copies of it.</param>
internal sealed record OwnData(string Directory, SqliteStore Store, Backups Backups);
