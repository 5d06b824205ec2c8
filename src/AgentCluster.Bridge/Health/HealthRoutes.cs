using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Health;

/// <summary>Where a supervisor and a curious person look first. Open: they say nothing of what the node carries.</summary>
internal static class HealthRoutes
{
    private static readonly Answers Status = Answers.Ok(Is.Object("Health").With("status", Is.OneOf("live", "ready")));

    public static IEnumerable<Route> All(HealthPages pages) =>
    [
        Page("/", "about", "Says what this is", Answers.Other("text/plain"), HealthPages.AboutAsync),
        Page("/health/live", "health_live", "Says whether the process is alive", Status, HealthPages.LiveAsync),
        Page("/health/ready", "health_ready", "Says whether the node can serve", Status.Or(ProblemKind.Unavailable), pages.ReadyAsync),
        Page("/problems/{code}", "problem_explain", "Explains a kind of problem", Answers.Other("text/plain").Or(ProblemKind.NotFound), HealthPages.ExplainAsync, Forms.Name),
    ];

    private static Route Page(string path, string name, string summary, Answers answers, RequestDelegate answer, params IReadOnlyList<TextForm> forms) =>
        Route.Streamed(HttpMethods.Get, path, new(name, Scope.Open, summary, NoRequest.Shape.Describe(), [], answers), answer, forms);
}
