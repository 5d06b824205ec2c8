using AgentCluster.Domain;
using AgentCluster.Node;
using AgentCluster.Node.Ports;
using AgentCluster.Runtime;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>The actors of a real node on a data directory, without its HTTP side.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly SqliteStore _store;

    private RunningNode(DataDirectory directory, SqliteStore store, ActorNode actors) =>
        (_directory, _store, Actors) = (directory, store, actors);

    public ActorNode Actors { get; }

    public static async Task<RunningNode> StartAsync(string path)
    {
        var options = new NodeOptions { Lanes = Environment.ProcessorCount };
        var directory = DataDirectory.Take(path, allowNetworkDisk: false);
        var store = SqliteStore.Open(directory, DomainTables.All, options.Shards, NullLogger<SqliteStore>.Instance);
        return new(directory, store, await ActorNode.StartAsync(
            new(store, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), NullLogger.Instance),
            options,
            Composition.Kinds(),
            CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Actors.DrainAsync(TimeSpan.FromSeconds(10));
        await _store.DisposeAsync();
        _directory.Dispose();
    }
}
