using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Metrics;

/// <summary>Where the node's metrics are scraped from.</summary>
internal static class MetricsRoutes
{
    /// <summary>The route.</summary>
    /// <param name="metrics">Asked for when all routes are known.</param>
    public static IEnumerable<Route> All(Func<IReadOnlyList<Metric>> metrics) =>
    [
        Route.Streamed(
            HttpMethods.Get,
            "/metrics",
            new("metrics_read", Scope.Ops, "Shows what the node measures, for Prometheus", NoRequest.Shape.Describe(), [], Answers.Other("text/plain")),
            context => AnswerAsync(context.Response, PrometheusText.Write(metrics()))),
    ];

    private static Task AnswerAsync(HttpResponse response, string text)
    {
        response.ContentType = PrometheusText.MediaType;
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(text);
    }
}
