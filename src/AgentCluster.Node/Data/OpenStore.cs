using AgentCluster.Domain;
using AgentCluster.Node.Settings;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Postgres;
using AgentCluster.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Data;

/// <summary>Where this node keeps everything: a data directory of its own, or a database that it shares.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly DataDirectory? _directory;

    private OpenStore(IStore store, DataDirectory? directory) => (Store, _directory) = (store, directory);

    public IStore Store { get; }

    /// <summary>For whoever starts the node: a file or a database, without a password.</summary>
    public required string Place { get; init; }

    /// <summary>What "acknowledged" means here.</summary>
    public required string Durability { get; init; }

    /// <summary>The cluster's.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The data that this node keeps itself; null where it shares a database.</summary>
    public (string Directory, SqliteStore Store)? Own => _directory is { } held && Store is SqliteStore store ? (held.Path, store) : null;

    /// <summary>Completes when the data was taken away from under the node, with what was found.</summary>
    public Task<string> Lost => Own?.Store.Lost ?? new TaskCompletionSource<string>().Task;

    /// <summary>Opens what the settings say.</summary>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    /// <exception cref="DataDirectoryException">The directory cannot be used; or one of the exceptions like it.</exception>
    public static Task<OpenStore> OpenAsync(NodeSettings settings, ILoggerFactory logs, CancellationToken cancellationToken) =>
        settings is { Store.Postgres: { } address, Cluster.Secret: { } secret }
            ? OpenAsync(new(address, settings.Store.Password), ClusterSecret.Of(secret), settings, logs, cancellationToken)
            : Task.FromResult(Open(settings, logs));

    /// <summary>Tells a second starter where the node of this directory answers.</summary>
    public void Announce(Uri address) => _directory?.Announce(address.ToString());

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _directory?.Dispose();
    }

    private static async Task<OpenStore> OpenAsync(
        PostgresOptions options, byte[] secret, NodeSettings settings, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        options = options with
        {
            SecretFingerprint = ClusterSecret.Fingerprint(secret),

            // What a dead node's session holds must be free before its shards are taken.
            SessionTimeout = TimeSpan.FromSeconds(Math.Clamp(settings.Cluster.Lease.TotalSeconds / 3, 1, 5)),
        };
        var store = await PostgresStore.OpenAsync(
            options, DomainTables.All, settings.Runtime.Shards, logs.CreateLogger<PostgresStore>(), cancellationToken);
        return new(store, null) { Place = options.ToString(), Durability = store.Durability.ToString(), Secret = secret };
    }

    private static OpenStore Open(NodeSettings settings, ILoggerFactory logs)
    {
        var directory = DataDirectory.Take(settings.Data.Directory ?? DefaultDirectory.Find(), allowNetworkDisk: false);
        try
        {
            return new(SqliteStore.Open(directory, DomainTables.All, settings.Runtime.Shards, logs.CreateLogger<SqliteStore>()), directory)
            {
                Place = directory.PathOf(SqliteStore.FileName),
                Durability = $"{SqliteStore.Library}, write-ahead log, synced before every answer",
                Secret = ClusterSecret.Load(directory.Path),
            };
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }
}
