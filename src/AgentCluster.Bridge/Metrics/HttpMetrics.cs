using System.Collections.Frozen;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Traces;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Metrics;

/// <summary>Measures every request: the first to see it and the last to see its answer.</summary>
/// <param name="clock">Times them.</param>
/// <param name="live">Who listens.</param>
internal sealed class HttpMetrics(TimeProvider clock, LiveFeed live)
{
    private readonly RouteCounts _unrouted = RouteCounts.Unrouted();
    private readonly List<RouteCounts> _routes = [];
    private readonly FrozenDictionary<string, Counter> _problems = ProblemKind.All.ToFrozenDictionary(kind => kind.Code, _ => new Counter());
    private int _inFlight;

    /// <summary>All that the bridge measures. Asked for when all routes are known.</summary>
    public IReadOnlyList<Metric> All() =>
    [
        Metric.Counter(
            "agentcluster.http.requests",
            "Requests that were answered, by route and status.",
            ["method", "route", "status"],
            () => _routes.Append(_unrouted).SelectMany(route => route.Read())),
        new HistogramMetric(
            "agentcluster.http.request.duration",
            "How long requests took; streams of live events are left out.",
            ["method", "route"],
            [.. _routes.Append(_unrouted).Select(route => route.Duration)])
        { Unit = "s" },
        Metric.Counter(
            "agentcluster.http.problems",
            "Refusals, by their code.",
            ["code"],
            () => _problems.Where(problem => problem.Value.Value > 0).Select(problem => new Sample([problem.Key], problem.Value.Value))),
        Metric.Gauge("agentcluster.http.in.flight", "Requests that are being answered, streams of live events among them.", () => Volatile.Read(ref _inFlight)),
        Metric.Gauge("agentcluster.live.subscribers", "Callers that follow live events.", () => live.Listeners),
        Metric.Counter("agentcluster.live.cut", "Callers that took live events too slowly and were sent away to resume.", () => live.Slow.Value),
    ];

    /// <summary>Begins to count what is asked at a route. Called for each before the server starts.</summary>
    /// <param name="route">The route.</param>
    public RouteCounts Of(Route route)
    {
        var lasts = route.Operation.Answers.Results.Any(result => result.Status == StatusCodes.Status101SwitchingProtocols || result.Media == "text/event-stream");
        var counts = new RouteCounts(route.Method, route.Path, lasts);
        _routes.Add(counts);
        return counts;
    }

    /// <summary>Answers a request, and says what routing alone says with a bare status.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Answers it.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var began = clock.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
        var span = RequestSpan.Begin(context);
        try
        {
            await next(context);
            Fallbacks.Answer(context);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteCounts>() ?? _unrouted;
            Count(context, route, clock.GetElapsedTime(began));
            if (span is not null)
            {
                RequestSpan.End(span, context, route.Method, route.Path);
            }
        }
    }

    private void Count(HttpContext context, RouteCounts route, TimeSpan took)
    {
        var status = context.Response.StatusCode;
        route.Count(context.RequestAborted.IsCancellationRequested ? 0 : status, took);
        if (status >= StatusCodes.Status400BadRequest
            && context.Features.Get<ProblemKind>() is { } kind
            && _problems.TryGetValue(kind.Code, out var problems))
        {
            problems.Add();
        }
    }
}
