using System.Net.Sockets;
using System.Text;
using AgentCluster.Bridge.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentCluster.Tests.Bridge;

/// <summary>What one client may take of the node.</summary>
public sealed class LimitTests
{
    private readonly NoNode _nothing = new();

    [Fact]
    public void The_server_is_bounded_as_the_contract_says()
    {
        var kestrel = new KestrelServerOptions();

        BridgeServer.Bound(kestrel, new(new(System.Net.IPAddress.Loopback, 0), new byte[32]));

        Assert.Equal(1024 * 1024, kestrel.Limits.MaxRequestBodySize);
        Assert.Equal(TimeSpan.FromSeconds(10), kestrel.Limits.RequestHeadersTimeout);
        Assert.Equal(2_048, kestrel.Limits.MaxConcurrentConnections);
        Assert.Equal(1_536, kestrel.Limits.MaxConcurrentUpgradedConnections);
        Assert.InRange(kestrel.Limits.MaxRequestHeadersTotalSize, 1, 32 * 1024);
        Assert.NotNull(kestrel.Limits.MinRequestBodyDataRate);
        Assert.False(kestrel.AddServerHeader);
    }

    // Broken on purpose: Bound without MaxConcurrentConnections (the third is answered).
    [Fact]
    public async Task A_connection_too_many_is_closed_and_the_others_are_served()
    {
        await using var bridge = await BridgeUnderTest.StartAsync(
            new ScriptedActors(), _nothing, _nothing, with: options => options with { MaxConnections = 2 });
        using var first = await ConnectAsync(bridge);
        using var second = await ConnectAsync(bridge);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(bridge, first), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(bridge, second), StringComparison.Ordinal);

        using var third = await ConnectAsync(bridge);
        Assert.Empty(await AskAsync(bridge, third));

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(bridge, first), StringComparison.Ordinal);
    }

    private static async Task<TcpClient> ConnectAsync(BridgeUnderTest bridge)
    {
        var client = new TcpClient();
        await client.ConnectAsync(bridge.Address.Host, bridge.Address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Asks for the health, and gives the first part of the answer; empty where the server hung up.</summary>
    private static async Task<string> AskAsync(BridgeUnderTest bridge, TcpClient client)
    {
        var buffer = new byte[4_096];
        try
        {
            var request = Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {bridge.Address.Authority}\r\n\r\n");
            await client.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
            return Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
