using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Resources;

/// <summary>Where the operations on resources are found.</summary>
internal static class ResourceRoutes
{
    public static IEnumerable<Route> All(ResourceCalls resources) =>
    [
        Route.Get("/api/v1/resources", PoolCalls.List(resources)),
        Route.Put("/api/v1/resources/pools/{name}", PoolCalls.Declare(resources), Forms.Name),
        Route.Get("/api/v1/resources/allocations", AllocationCalls.List(resources)),
        Route.Post("/api/v1/resources/allocations", AllocationCalls.Create(resources)),
        Route.Get("/api/v1/resources/allocations/{id}", AllocationCalls.Show(resources), Forms.Id),
        Route.Post("/api/v1/resources/allocations/{id}/renew", AllocationCalls.Renew(resources), Forms.Id),
        Route.Delete("/api/v1/resources/allocations/{id}", AllocationCalls.Release(resources), Forms.Id),
    ];
}
