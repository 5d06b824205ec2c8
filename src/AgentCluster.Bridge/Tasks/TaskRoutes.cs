using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Where the operations on tasks are found.</summary>
internal static class TaskRoutes
{
    public static IEnumerable<Route> All(TaskCalls tasks) =>
    [
        Route.Get("/api/v1/tasks", TaskLists.All(tasks)),
        Route.Post("/api/v1/tasks", Creation.One(tasks)),
        Route.Post("/api/v1/tasks/batch", Creation.Many(tasks)),
        Route.Get("/api/v1/tasks/available", TaskLists.Available(tasks)),
        Route.Post("/api/v1/tasks/claim", Claims.Next(tasks)),
        Route.Get("/api/v1/tasks/{id}", TaskLists.Show(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/batch-delete", Removal.Many(tasks)),
        Route.Patch("/api/v1/tasks/{id}", Editing.Edit(tasks), Forms.Id),
        Route.Delete("/api/v1/tasks/{id}", Removal.One(tasks), Forms.Id),
        Route.Get("/api/v1/tasks/{id}/why", Why.Of(tasks), Forms.Id),
        Route.Put("/api/v1/tasks/{id}/watchers/{agent}", Watching.Watch(tasks), Forms.Id, Forms.Name),
        Route.Delete("/api/v1/tasks/{id}/watchers/{agent}", Watching.Unwatch(tasks), Forms.Id, Forms.Name),
        Route.Post("/api/v1/tasks/{id}/claim", Claims.One(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/progress", Holding.Progress(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/complete", Completion.Of(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/fail", Holding.Fail(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/release", Holding.Release(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/input", Parking.Input(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/answer", Parking.Answer(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/review", Parking.Review(tasks), Forms.Id),
        Route.Post("/api/v1/tasks/{id}/cancel", Holding.Cancel(tasks), Forms.Id),
    ];
}
