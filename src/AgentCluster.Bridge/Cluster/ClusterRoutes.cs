using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Cluster;

/// <summary>Where the operations of operators are found.</summary>
internal static class ClusterRoutes
{
    public static IEnumerable<Route> All(BridgePorts ports) =>
    [
        Route.Get("/api/v1/cluster/status", ClusterOperations.Status(ports.Inspector, ports.NotReady)),
        Route.Get("/api/v1/cluster/config", ClusterOperations.Config(ports.Config)),
        Route.Get("/api/v1/cluster/actors/{kind}/{id}", ClusterOperations.Actor(ports.Inspector), Forms.Name, Forms.Actor),
    ];
}
