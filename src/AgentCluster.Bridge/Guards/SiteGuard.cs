using System.Globalization;
using System.Net;
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Audit;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Guards;

/// <summary>
/// Keeps pages of foreign sites out: a name that somebody else's DNS points here (Host), a page that asks across origins
/// (Origin, Sec-Fetch-Site). Nothing of a request is looked at before.
/// </summary>
/// <param name="next">Handles what is let through.</param>
/// <param name="options">Where the node listens, and what it is called.</param>
/// <param name="audit">Hears of each refusal.</param>
internal sealed class SiteGuard(RequestDelegate next, BridgeOptions options, AuditTrail audit)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly string _scheme = options.Tls is null ? "http" : "https";
    private Allowed _allowed = new(0, [], []);

    public Task InvokeAsync(HttpContext context)
    {
        if (Check(context) is not var (why, problem))
        {
            return next(context);
        }

        audit.Note(AuditDecision.Forbidden, AuditTrail.Nobody, AuditTrail.MethodOf(context.Request), why, context);
        AnswerWriting.Write(context.Response, problem);
        return Task.CompletedTask;
    }

    private (string Why, Problem Problem)? Check(HttpContext context)
    {
        var request = context.Request;
        var connection = context.Connection;
        if (options.TrustedProxy is { } proxy && connection.RemoteIpAddress is { } from && !IsProxyOrHere(from, proxy))
        {
            return ("not_the_proxy", new(ProblemKind.Forbidden, "Expected a connection of the proxy that ends TLS for this node, found another machine."));
        }

        var allowed = For(connection.LocalPort);
        var host = request.Host.Value ?? string.Empty;
        if (!IsOneOf(allowed.Hosts, host) && !IsOurAddress(request.Host, connection.LocalPort))
        {
            return ("foreign_host", new(ProblemKind.Forbidden, $"Expected the Host {allowed.Hosts[0]}, found '{Faults.Shown(host)}'."));
        }

        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !(origin is [{ } one] && IsOneOf(allowed.Origins, one)))
        {
            return ("foreign_origin", new(ProblemKind.Forbidden, $"Expected no Origin, or {allowed.Origins[0]}; found '{Faults.Shown(origin.ToString())}'."));
        }

        return request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            && site.ToString() is not ("same-origin" or "none")
            && !IsLinkFollowed(request)
            ? ("foreign_page", new(ProblemKind.Forbidden, "A page of another site may not ask anything here."))
            : null;
    }

    // A person who follows a link from elsewhere sees a page of ours, in a window of its own.
    private static bool IsLinkFollowed(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";

    // An address, unlike a name, cannot be pointed here by somebody else's DNS. On loopback the few that exist are listed.
    private bool IsOurAddress(in HostString host, int port) =>
        !IPAddress.IsLoopback(options.Listen.Address)
        && IPAddress.TryParse(host.Host.Trim('[', ']'), out _)
        && (host.Port ?? (options.Tls is null ? 80 : 443)) == port;

    private static bool IsProxyOrHere(IPAddress from, IPAddress proxy) =>
        IPAddress.IsLoopback(from) || from.Equals(proxy) || (from.IsIPv4MappedToIPv6 && (from.MapToIPv4().Equals(proxy) || IPAddress.IsLoopback(from.MapToIPv4())));

    // One port in practice: the names are built once, and again only if a second listener takes turns.
    private Allowed For(int port)
    {
        var known = Volatile.Read(ref _allowed);
        if (known.Port == port)
        {
            return known;
        }

        var suffix = port == (options.Tls is null ? 80 : 443) ? string.Empty : ":" + port.ToString(CultureInfo.InvariantCulture);
        string[] hosts = [.. Loopback.Select(name => name + suffix)];

        // The other names are reached by TLS, whoever ends it.
        known = new(port, [.. hosts, .. options.Hosts], [.. hosts.Select(host => $"{_scheme}://{host}"), .. options.Hosts.Select(host => "https://" + host)]);
        Volatile.Write(ref _allowed, known);
        return known;
    }

    private static bool IsOneOf(string[] allowed, string found)
    {
        foreach (var one in allowed)
        {
            if (one.Equals(found, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Allowed(int Port, string[] Hosts, string[] Origins);
}
