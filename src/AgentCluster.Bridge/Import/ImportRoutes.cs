using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Import;

/// <summary>Where other trackers' exports are taken.</summary>
internal static class ImportRoutes
{
    public const string Name = "import";

    public static IEnumerable<Route> All(ImportFace import) =>
    [
        Route.Streamed(
            HttpMethods.Post,
            "/api/v1/import",
            new(
                Name,
                Scope.TasksWrite,
                "Takes over another tracker's export, row by row",
                ImportRequest.Shape.Describe(),
                ["application/x-ndjson", "application/json"],
                Answers.Ok(ImportBody.Schema)),
            import.Delegate),
    ];
}
