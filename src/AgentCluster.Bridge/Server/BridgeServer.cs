using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Mcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>The HTTP server of a node.</summary>
public sealed class BridgeServer : IAsyncDisposable
{
    private const int SendBufferBytes = 128 * 1024;
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(15);

    private readonly WebApplication _app;
    private readonly LiveFeed _live;
    private readonly McpSessions _sessions;

    private BridgeServer(WebApplication app, BridgeParts parts, Uri address, IReadOnlyList<Route> routes)
    {
        (_app, _live, _sessions) = (app, parts.Live, parts.McpSessions);
        Audit = parts.Audit;
        Metrics = parts.Shown;
        Address = address;
        Routes = routes;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address { get; }

    /// <summary>What is shown at <c>/metrics</c>.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>All that it offers.</summary>
    internal IReadOnlyList<Route> Routes { get; }

    /// <summary>What it has refused.</summary>
    internal AuditTrail Audit { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where, and the cluster's secret.</param>
    /// <param name="ports">The rest of the node.</param>
    /// <param name="cancellationToken">Stops the waiting for the start.</param>
    /// <exception cref="ArgumentException">The address is not loopback, and keys are off or nobody ends TLS.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<BridgeServer> StartAsync(
        BridgeOptions options, BridgePorts ports, CancellationToken cancellationToken)
    {
        if (!options.IsSafe)
        {
            throw new ArgumentException($"{options.Listen.Address} is not a loopback address, so keys must be on, and TLS or a proxy that ends it.", nameof(options));
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Bound(kestrel, options);
            kestrel.Listen(options.Listen, endpoint => Secure(endpoint, options.Tls));
        });
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = BoundSocket);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(ports.Logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        var app = builder.Build();
        var parts = new BridgeParts(options, ports);
        app.Use(next => context => parts.Metrics.InvokeAsync(context, next));
        app.Use(next => new SiteGuard(next, options, parts.Audit).InvokeAsync);
        app.UseWebSockets(new() { KeepAliveInterval = BetweenPings, KeepAliveTimeout = BetweenPings });
        app.UseRouting();
        app.Use(next => new Gate(next, options.Keys, parts.Callers(), parts.Rates, parts.Audit).InvokeAsync);
        var routes = Server.Routes.Map(app, parts);
        await app.StartAsync(cancellationToken);

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new(app, parts, new(addresses.Single()), routes);
    }

    /// <summary>Takes no new connections, sends away who listens, and lets requests under way end.</summary>
    /// <param name="cancellationToken">Ends the patience: connections still open are cut.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _live.Stop();
        await _sessions.DisposeAsync();
        await _app.StopAsync(cancellationToken);
        await Audit.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>What the kernel holds for a consumer that takes nothing is bounded; left alone it grows to megabytes for each.</summary>
    private static Socket BoundSocket(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = SendBufferBytes;
        return socket;
    }

    private static void Secure(ListenOptions endpoint, ServerCertificate? tls)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        if (tls is not null)
        {
            endpoint.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = tls.Leaf,
                ServerCertificateChain = tls.Chain,
                SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            });
        }
    }

    /// <summary>Sets what one client may take of the node (RELIABILITY 5.1).</summary>
    /// <param name="kestrel">What is bounded.</param>
    /// <param name="options">How many connections.</param>
    internal static void Bound(KestrelServerOptions kestrel, BridgeOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = options.MaxListening;
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
