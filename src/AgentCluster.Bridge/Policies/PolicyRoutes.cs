using AgentCluster.Bridge.Resources;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Policies;

/// <summary>Where the operations on policies are found.</summary>
internal static class PolicyRoutes
{
    public static IEnumerable<Route> All(ResourceCalls resources, AgentQueries agents) =>
    [
        Route.Get("/api/v1/policies", PolicyCalls.Show(resources)),
        Route.Put("/api/v1/policies", PolicyCalls.Set(resources)),
        Route.Post("/api/v1/policies/check", PolicyCalls.Check(resources, agents)),
    ];
}
