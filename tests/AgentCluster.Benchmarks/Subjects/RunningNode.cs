using AgentCluster.Actors;
using AgentCluster.Node;
using AgentCluster.Node.Settings;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>A whole node as the product composes it, in this process: its actors, its HTTP side, and all that runs in the background.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly Composition _node;

    private RunningNode(Composition node) => _node = node;

    public IActorClient Actors => _node.Actors;

    public Uri Address => _node.Address;

    /// <summary>Starts it on a data directory, on any free port.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="wrap">Stands between the actors and their store; null for nothing.</param>
    /// <param name="settings">Beside its defaults.</param>
    public static async Task<RunningNode> StartAsync(string path, Func<IStore, IStore>? wrap = null, params IEnumerable<(string Key, string Value)> settings)
    {
        IEnumerable<(string Key, string Value)> all = [("agentcluster.data.directory", path), ("agentcluster.http.port", "0"), .. settings];
        var configuration = Configuration.Read([], all.Select(one => new Override(one.Key, one.Value, "the benchmark")), _ => null);
        return new(await Composition.StartAsync(configuration, NullLoggerFactory.Instance, CancellationToken.None, wrap));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DrainAsync(Composition.DrainWithin);
        await _node.DisposeAsync();
    }
}
