using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Keys;

/// <summary>Where the operations on keys, and the audit, are found.</summary>
internal static class KeyRoutes
{
    public static IEnumerable<Route> All(KeyCalls keys) =>
    [
        Route.Get("/api/v1/keys", KeyOperations.List(keys)),
        Route.Post("/api/v1/keys", KeyOperations.Issue(keys)),
        Route.Delete("/api/v1/keys/{id}", KeyOperations.Revoke(keys), Forms.Id),
        Route.Get("/api/v1/audit", AuditOperations.Last(keys.Actors)),
    ];
}
