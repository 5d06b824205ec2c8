using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Delegations;

/// <summary>Where the operations on delegations are found.</summary>
internal static class DelegationRoutes
{
    public static IEnumerable<Route> All(DelegationCalls delegations) =>
    [
        Route.Get("/api/v1/delegations", DelegationLists.All(delegations)),
        Route.Post("/api/v1/delegations", Delegating.Create(delegations)),
        Route.Get("/api/v1/delegations/{id}", DelegationLists.Show(delegations), Forms.Id),
        Route.Post("/api/v1/delegations/{id}/status", Reporting.Report(delegations), Forms.Id),
        Route.Post("/api/v1/delegations/{id}/cancel", Reporting.Cancel(delegations), Forms.Id),
    ];
}
