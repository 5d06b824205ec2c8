using System.Net;
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>Names and addresses of a node that other machines can reach. No socket: the guard looks at the request only.</summary>
public sealed class SiteGuardTests
{
    private static readonly BridgeOptions Exposed = new(new(IPAddress.Parse("192.0.2.7"), 5080), new byte[32])
    {
        Keys = true,
        Hosts = ["agents.example.org"],
        TrustedProxy = IPAddress.Parse("192.0.2.1"),
    };

    // Broken on purpose: any address taken whatever its port; the proxy not asked for.
    [Theory]
    [InlineData("192.0.2.1", "agents.example.org", null, true)]
    [InlineData("192.0.2.1", "AGENTS.example.org", "https://agents.example.org", true)]
    [InlineData("::ffff:192.0.2.1", "agents.example.org", null, true)]
    [InlineData("127.0.0.1", "localhost:5080", null, true)]
    [InlineData("192.0.2.1", "192.0.2.7:5080", null, true)]
    [InlineData("192.0.2.1", "[2001:db8::7]:5080", null, true)]
    [InlineData("192.0.2.1", "192.0.2.7:80", null, false)]
    [InlineData("192.0.2.1", "agents.example.org:5080", null, false)]
    [InlineData("192.0.2.1", "evil.example", null, false)]
    [InlineData("192.0.2.1", "evil.example:5080", null, false)]
    [InlineData("192.0.2.1", "agents.example.org", "http://agents.example.org", false)]
    [InlineData("192.0.2.1", "agents.example.org", "https://evil.example", false)]
    [InlineData("192.0.2.2", "agents.example.org", null, false)]
    public async Task Only_our_names_and_only_through_the_proxy(string from, string host, string? origin, bool isTaken) =>
        Assert.Equal(isTaken, await IsTakenAsync(Exposed, from, host, origin));

    [Fact]
    public async Task Without_a_proxy_any_machine_may_connect() =>
        Assert.True(await IsTakenAsync(Exposed with { TrustedProxy = null }, "192.0.2.99", "agents.example.org", null));

    [Fact]
    public void A_bridge_refuses_an_address_that_others_reach_unless_it_is_safe()
    {
        Assert.True(Exposed.IsSafe);
        Assert.False((Exposed with { Keys = false }).IsSafe);
        Assert.False((Exposed with { TrustedProxy = null }).IsSafe);
        Assert.True(new BridgeOptions(new(IPAddress.IPv6Loopback, 0), new byte[32]).IsSafe);
    }

    private static async Task<bool> IsTakenAsync(BridgeOptions options, string from, string host, string? origin)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Connection.LocalPort = 5080;
        context.Request.Method = "GET";
        context.Request.Headers.Host = host;
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        var taken = false;
        await using var audit = new AuditTrail(new ScriptedActors(), TimeProvider.System, NullLogger.Instance);
        RequestDelegate next = _ =>
        {
            taken = true;
            return Task.CompletedTask;
        };
        await new SiteGuard(next, options, audit).InvokeAsync(context);
        return taken;
    }
}
