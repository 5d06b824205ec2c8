using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Traces;

/// <summary>The span of a request: part of the trace that its caller began (W3C trace context), or the beginning of one.</summary>
public static class RequestSpan
{
    /// <summary>What exporters and embedding programs subscribe to.</summary>
    public const string SourceName = "AgentCluster.Bridge";

    private const string Parent = "traceparent";
    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of a request, and tells the caller its id.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Null when nobody looks: then it costs a glance.</returns>
    internal static Activity? Begin(HttpContext context) => Source.HasListeners() ? Start(context) : null;

    /// <summary>Ends it, with what became of the request.</summary>
    /// <param name="span">The request's.</param>
    /// <param name="context">Answered.</param>
    /// <param name="method">In capitals; of the route.</param>
    /// <param name="route">With the names of its variables, never their values.</param>
    internal static void End(Activity span, HttpContext context, string method, string route)
    {
        var status = context.Response.StatusCode;
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.request.method", method)
            .SetTag("http.route", route)
            .SetTag("http.response.status_code", status)
            .SetTag("agentcluster.request_id", context.TraceIdentifier);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    /// <summary>The trace that a request belongs to, also when nobody looks at it here; null when it belongs to none.</summary>
    /// <param name="context">The request.</param>
    internal static string? TraceOf(HttpContext context) =>
        (Activity.Current?.TraceId ?? (TryReadParent(context.Request, out var parent) ? parent.TraceId : (ActivityTraceId?)null))?.ToHexString();

    private static Activity? Start(HttpContext context)
    {
        var span = Activity.Current is null && TryReadParent(context.Request, out var parent)
            ? Source.StartActivity("request", ActivityKind.Server, parent)
            : Source.StartActivity("request", ActivityKind.Server);
        if (span is not null)
        {
            context.Response.Headers[Parent] = span.Id;
        }

        return span;
    }

    // One that is not as it should be is no parent, and no reason to refuse what is asked.
    private static bool TryReadParent(HttpRequest request, out ActivityContext parent)
    {
        parent = default;
        return request.Headers.TryGetValue(Parent, out var sent)
            && sent is [{ } one]
            && ActivityContext.TryParse(one, request.Headers.TryGetValue("tracestate", out var state) ? state.ToString() : null, isRemote: true, out parent);
    }
}
