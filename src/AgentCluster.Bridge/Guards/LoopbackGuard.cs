using System.Globalization;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Guards;

/// <summary>
/// Keeps pages of foreign sites out of a node that trusts its machine: a name that somebody else's DNS points at
/// loopback (Host), a page that posts across origins (Origin, Sec-Fetch-Site).
/// </summary>
/// <param name="next">Handles what is let through.</param>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    private static readonly string[] Names = ["localhost", "127.0.0.1", "[::1]"];

    private Allowed _allowed = new(0, [], []);

    public Task InvokeAsync(HttpContext context)
    {
        if (Check(context) is { } problem)
        {
            AnswerWriting.Write(context.Response, problem);
            return Task.CompletedTask;
        }

        return next(context);
    }

    private Problem? Check(HttpContext context)
    {
        var request = context.Request;
        var allowed = For(context.Connection.LocalPort);
        if (!IsOneOf(allowed.Hosts, request.Host.Value ?? string.Empty))
        {
            return new(ProblemKind.Forbidden, $"Expected the Host {allowed.Hosts[0]}, found '{Faults.Shown(request.Host.Value ?? string.Empty)}'.");
        }

        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !(origin is [{ } one] && IsOneOf(allowed.Origins, one)))
        {
            return new(ProblemKind.Forbidden, $"Expected no Origin, or {allowed.Origins[0]}; found '{Faults.Shown(origin.ToString())}'.");
        }

        return !HttpMethods.IsGet(request.Method)
            && request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            && site.ToString() is not ("same-origin" or "none")
            ? new(ProblemKind.Forbidden, "A page of another site may not write here.")
            : null;
    }

    // One port in practice: the names are built once, and again only if a second listener takes turns.
    private Allowed For(int port)
    {
        var known = Volatile.Read(ref _allowed);
        if (known.Port == port)
        {
            return known;
        }

        var suffix = port == 80 ? string.Empty : ":" + port.ToString(CultureInfo.InvariantCulture);
        string[] hosts = [.. Names.Select(name => name + suffix)];
        known = new(port, hosts, [.. hosts.Select(host => "http://" + host)]);
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
