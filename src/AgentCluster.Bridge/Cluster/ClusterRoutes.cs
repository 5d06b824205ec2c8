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
        Route.Get("/api/v1/cluster/members", MemberOperations.Members(ports.Cluster)),
        Route.Post("/api/v1/cluster/members/{id}/leave", MemberOperations.Leave(ports.Cluster), Forms.Name),
        Route.Post("/api/v1/cluster/members/{id}/down", MemberOperations.Down(ports.Cluster), Forms.Name),
        Route.Post("/api/v1/cluster/restored", MemberOperations.Restored(ports.Cluster)),
        Route.Get("/api/v1/cluster/shards", MemberOperations.Shards(ports.Cluster)),
        Route.Get("/api/v1/cluster/journal", JournalOperations.Tail(new(ports.Journal))),
        Route.Get("/api/v1/cluster/actors", MemberOperations.Actors(ports.Cluster)),
        Route.Get("/api/v1/cluster/actors/{kind}/{id}", ClusterOperations.Actor(ports.Inspector), Forms.Name, Forms.Actor),
    ];
}
