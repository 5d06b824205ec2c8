using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Agents;

/// <summary>Where the operations on agents are found.</summary>
internal static class AgentRoutes
{
    public static IEnumerable<Route> All(AgentCalls agents) =>
    [
        Route.Get("/api/v1/agents", Roster.List(agents)),
        Route.Get("/api/v1/capabilities", Capabilities.Matrix(agents)),
        Route.Get("/api/v1/agents/{id}", Roster.Show(agents), Forms.Name),
        Route.Put("/api/v1/agents/{id}", Registration.Register(agents), Forms.Name),
        Route.Delete("/api/v1/agents/{id}", Registration.Deregister(agents), Forms.Name),
        Route.Post("/api/v1/agents/{id}/heartbeat", Presence.Heartbeat(agents), Forms.Name),
    ];
}
