using AgentCluster.Bridge.Server;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>Where a node is looked after.</summary>
internal static class UpkeepRoutes
{
    public static IEnumerable<Route> All(IUpkeep? upkeep, ILogLevel? log) =>
    [
        Route.Get("/api/v1/node/examination", UpkeepOperations.Examine(upkeep)),
        Route.Post("/api/v1/node/backups", UpkeepOperations.BackUp(upkeep)),
        Route.Get("/api/v1/node/log", LogLevelOperations.Show(log)),
        Route.Put("/api/v1/node/log", LogLevelOperations.Set(log)),
    ];
}
