using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Repositories;

/// <summary>Where the operations on repositories are found.</summary>
internal static class RepositoryRoutes
{
    public static IEnumerable<Route> All(RepositoryCalls repositories) =>
    [
        Route.Get("/api/v1/repositories/{repo}/reservations", ReservationCalls.List(repositories), Forms.Name),
        Route.Post("/api/v1/repositories/{repo}/reservations", ReservationCalls.Create(repositories), Forms.Name),
        Route.Get("/api/v1/repositories/{repo}/reservations/{id}", ReservationCalls.Show(repositories), Forms.Name, Forms.Id),
        Route.Delete("/api/v1/repositories/{repo}/reservations/{id}", ReservationCalls.Release(repositories), Forms.Name, Forms.Id),
        Route.Post("/api/v1/repositories/{repo}/decisions", DecisionCalls.Record(repositories), Forms.Name),
        Route.Get("/api/v1/repositories/{repo}/worktrees", WorktreeCalls.List(repositories), Forms.Name),
        Route.Put("/api/v1/repositories/{repo}/worktrees/{name}", WorktreeCalls.Put(repositories), Forms.Name, Forms.Name),
        Route.Delete("/api/v1/repositories/{repo}/worktrees/{name}", WorktreeCalls.Remove(repositories), Forms.Name, Forms.Name),
        Route.Post("/api/v1/repositories/{repo}/worktrees/{name}/touched", WorktreeCalls.Touch(repositories), Forms.Name, Forms.Name),
        Route.Get("/api/v1/repositories/{repo}/forecast", ForecastCalls.Show(repositories), Forms.Name),
        Route.Get("/api/v1/conflicts", ConflictCalls.List(repositories)),
        Route.Get("/api/v1/conflicts/{id}", ConflictCalls.Show(repositories), Forms.Id),
        Route.Post("/api/v1/conflicts/{id}/resolve", ConflictCalls.Resolve(repositories), Forms.Id),
    ];
}
