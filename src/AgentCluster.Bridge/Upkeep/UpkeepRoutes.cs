using AgentCluster.Bridge.Server;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>Where a node is looked after.</summary>
internal static class UpkeepRoutes
{
    public static IEnumerable<Route> All(IUpkeep? upkeep) =>
    [
        Route.Get("/api/v1/node/examination", UpkeepOperations.Examine(upkeep)),
        Route.Post("/api/v1/node/backups", UpkeepOperations.BackUp(upkeep)),
    ];
}
