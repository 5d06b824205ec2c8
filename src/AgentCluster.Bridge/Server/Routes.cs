using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Cluster;
using AgentCluster.Bridge.Delegations;
using AgentCluster.Bridge.Epics;
using AgentCluster.Bridge.Health;
using AgentCluster.Bridge.History;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Import;
using AgentCluster.Bridge.Keys;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Mailboxes;
using AgentCluster.Bridge.Mcp;
using AgentCluster.Bridge.Metrics;
using AgentCluster.Bridge.OpenApi;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Policies;
using AgentCluster.Bridge.Repositories;
using AgentCluster.Bridge.Resources;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>Every route of the node: the tables of all folders, composed. Routing takes each path with and without a trailing slash.</summary>
internal static class Routes
{
    /// <summary>Adds them all.</summary>
    /// <remarks>Each endpoint carries its <see cref="Operations.Operation"/>, so that guards know what is asked before anything is read.</remarks>
    /// <returns>All of them, in the order of the tables.</returns>
    public static IReadOnlyList<Route> Map(IEndpointRouteBuilder app, BridgeParts parts)
    {
        var http = new HttpFace(parts.Reach, parts.Audit, parts.Ports.Logs.CreateLogger<HttpFace>());
        var events = new EventsFace(http, parts.Live, parts.Callers(), parts.Ports.Clock, parts.MaxListening, parts.Ports.Logs.CreateLogger<EventsFace>());
        List<Route> all = [.. All(parts, http), .. EventsRoutes.All(events), .. MetricsRoutes.All(() => parts.Shown)];
        all.AddRange(DocumentRoutes.All(() => all));
        foreach (var route in all)
        {
            app.MapMethods(route.Path, [route.Method], route.Offer(http, route.Variables)).WithMetadata(route.Operation, parts.Metrics.Of(route));
        }

        MapMcp(app, parts, all);
        return all;
    }

    /// <summary>The other face. What it offers is in the table above; how it is spoken to is not described there, but by its protocol.</summary>
    private static void MapMcp(IEndpointRouteBuilder app, BridgeParts parts, List<Route> all)
    {
        var tools = new ToolCalls(all, parts, parts.Ports.Logs.CreateLogger<ToolCalls>());
        var face = new McpFace(
            new McpOffer(tools, parts.Live).Options(), parts.McpSessions, parts.Ports.Logs, new(tools, McpOffer.Server));
        foreach (var (method, answer) in new (string, RequestDelegate)[] { ("POST", face.PostAsync), ("GET", face.GetAsync), ("DELETE", face.DeleteAsync) })
        {
            var operation = new Streaming("mcp", Scope.Open, "Speaks the Model Context Protocol", Is.Object(), [], Answers.None) { KnowsCaller = true };
            app.MapMethods("/mcp", [method], answer).WithMetadata(operation, parts.Metrics.Of(new(method, "/mcp", operation, (_, _) => answer, [])));
        }
    }

    private static List<Route> All(BridgeParts parts, HttpFace http)
    {
        var ports = parts.Ports;
        var agents = new AgentCalls(ports.Actors, new(ports.Rows), parts.Tasks, parts.History, parts.Profiles, parts.Handles, ports.Clock);
        var tasks = new TaskCalls(ports.Actors, parts.Tasks, parts.Homes, parts.Profiles, parts.Signs, ports.Ids) { Conflicts = parts.Conflicts };
        var delegations = new DelegationCalls(ports.Actors, parts.Delegations, parts.Profiles, parts.Signs, ports.Ids, ports.Clock);
        var resources = new ResourceCalls(ports.Actors, parts.Allocations, parts.Tasks, parts.Homes, parts.Signs, ports.Ids);
        var keys = new KeyCalls(ports.Actors, parts.KeySecrets, parts.Keys, ports.Ids);
        return
        [
            .. HealthRoutes.All(new(ports.NotReady)),
            .. AgentRoutes.All(agents),
            .. TaskRoutes.All(tasks),
            .. EpicRoutes.All(new(ports.Actors, new(ports.Rows), parts.EpicHomes, ports.Ids)),
            .. ImportRoutes.All(new(http, tasks, ports.Clock)),
            .. MailboxRoutes.All(new(ports.Actors, new(ports.Rows), parts.Delegations, parts.Waiting, parts.Signs)),
            .. DelegationRoutes.All(delegations),
            .. RepositoryRoutes.All(new(ports.Actors, parts.Conflicts, parts.Delegations, new(ports.Actors, parts.Tasks, parts.Homes, ports.Clock), parts.Signs, ports.Ids)),
            .. ResourceRoutes.All(resources),
            .. PolicyRoutes.All(resources, new(ports.Rows)),
            .. HistoryRoutes.All(parts.History, parts.Homes),
            .. KeyRoutes.All(keys),
            .. ClusterRoutes.All(ports),
            .. UpkeepRoutes.All(ports.Upkeep, ports.Log),
        ];
    }
}
