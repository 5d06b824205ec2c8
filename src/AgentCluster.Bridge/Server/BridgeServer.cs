using System.Net;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCluster.Bridge.Server;

/// <summary>The HTTP server of a node.</summary>
public sealed class BridgeServer : IAsyncDisposable
{
    private const int MostWaitingConnections = 1_536;

    private readonly WebApplication _app;

    private BridgeServer(WebApplication app, Uri address, IReadOnlyList<Route> routes)
    {
        _app = app;
        Address = address;
        Routes = routes;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address { get; }

    /// <summary>All that it offers.</summary>
    internal IReadOnlyList<Route> Routes { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where, and the cluster's secret.</param>
    /// <param name="ports">The rest of the node.</param>
    /// <param name="cancellationToken">Stops the waiting for the start.</param>
    /// <exception cref="ArgumentException">The address is not loopback: without keys nobody else may reach the node.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<BridgeServer> StartAsync(
        BridgeOptions options, BridgePorts ports, CancellationToken cancellationToken)
    {
        if (!IPAddress.IsLoopback(options.Listen.Address))
        {
            throw new ArgumentException($"{options.Listen.Address} is not a loopback address.", nameof(options));
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Bound(kestrel, options);
            kestrel.Listen(options.Listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(ports.Logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        var app = builder.Build();
        app.Use(next => new LoopbackGuard(next).InvokeAsync);
        app.Use(next => context => Fallbacks.InvokeAsync(context, next));
        app.UseRouting();
        var routes = Server.Routes.Map(app, options, ports);
        await app.StartAsync(cancellationToken);

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new(app, new(addresses.Single()), routes);
    }

    /// <summary>Takes no new connections, and lets requests under way end.</summary>
    /// <param name="cancellationToken">Ends the patience: connections still open are cut.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Bound(KestrelServerOptions kestrel, BridgeOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = MostWaitingConnections;
        limits.MaxRequestBodySize = BodyReading.MostBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }

    /// <summary>The node listens to signals itself: it must drain the actors after the last request, not beside it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
