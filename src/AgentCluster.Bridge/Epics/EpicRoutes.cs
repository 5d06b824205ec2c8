using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Epics;

/// <summary>Where the operations on epics are found.</summary>
internal static class EpicRoutes
{
    public static IEnumerable<Route> All(EpicCalls epics) =>
    [
        Route.Get("/api/v1/epics", EpicLists.All(epics)),
        Route.Post("/api/v1/epics", Planning.Create(epics)),
        Route.Get("/api/v1/epics/search", EpicLists.Search(epics)),
        Route.Post("/api/v1/epics/batch-delete", Closing.DeleteMany(epics)),
        Route.Get("/api/v1/epics/{id}", EpicLists.Show(epics), Forms.Id),
        Route.Patch("/api/v1/epics/{id}", Planning.Change(epics), Forms.Id),
        Route.Delete("/api/v1/epics/{id}", Closing.Delete(epics), Forms.Id),
        Route.Post("/api/v1/epics/{id}/cancel", Closing.Cancel(epics), Forms.Id),
        Route.Get("/api/v1/epics/{id}/progress", EpicLists.Progress(epics), Forms.Id),
    ];
}
