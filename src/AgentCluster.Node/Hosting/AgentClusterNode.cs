using AgentCluster.Actors;
using AgentCluster.Node.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Hosting;

/// <summary>A node inside another program; it lives as long as the program's host, and there is one of it in a container.</summary>
public sealed class AgentClusterNode : IHostedService
{
    private readonly AgentClusterBuilder _builder;
    private readonly ILoggerFactory _logs;
    private Composition? _running;

    internal AgentClusterNode(AgentClusterBuilder builder, ILoggerFactory logs) => (_builder, _logs) = (builder, logs);

    /// <summary>Where it listens.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public Uri Address => Running.Address;

    /// <summary>Sends commands to its actors, without HTTP.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public IActorClient Actors => Running.Actors;

    private Composition Running =>
        _running ?? throw new InvalidOperationException("Expected a node that runs, found one that its host has not started or has stopped.");

    /// <summary>Starts the node; called by the host. It is ready when this has ended.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SettingsException">The configuration is not taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _running = await Composition.StartAsync(_builder.Read(), _logs, cancellationToken);

    /// <summary>Drains and ends the node; called by the host. What was answered is durable, however this ends.</summary>
    /// <param name="cancellationToken">Not heeded: a drain ends by itself within 8 seconds.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, null) is { } node)
        {
            await using (node)
            {
                await node.DrainAsync(Composition.DrainWithin);
            }
        }
    }
}
