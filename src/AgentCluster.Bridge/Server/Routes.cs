using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Cluster;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Health;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Import;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>Every route of the node: the tables of all folders, composed. Routing takes each path with and without a trailing slash.</summary>
internal static class Routes
{
    /// <summary>Adds them all.</summary>
    /// <remarks>Each endpoint carries its <see cref="Operations.Operation"/>, so that guards know what is asked before anything is read.</remarks>
    /// <returns>All of them, in the order of the tables.</returns>
    public static IReadOnlyList<Route> Map(IEndpointRouteBuilder app, BridgeOptions options, BridgePorts ports)
    {
        var profiles = new Profiles(ports.Actors, ports.Clock);
        var handles = new AgentHandles(options.Secret);
        var signs = new Signs(ports.Actors, ports.Clock);
        var http = new HttpFace(new(handles, profiles, signs), ports.Logs.CreateLogger<HttpFace>());
        var all = All(ports, http, handles, profiles, signs);
        foreach (var route in all)
        {
            app.MapMethods(route.Path, [route.Method], route.Offer(http, route.Variables)).WithMetadata(route.Operation);
        }

        return all;
    }

    private static List<Route> All(BridgePorts ports, HttpFace http, AgentHandles handles, Profiles profiles, Signs signs)
    {
        var queries = new TaskQueries(ports.Rows);
        var agents = new AgentCalls(ports.Actors, new(ports.Rows), queries, profiles, handles, ports.Clock);
        var tasks = new TaskCalls(ports.Actors, queries, new(queries, ports.Clock), profiles, signs, ports.Ids);
        return
        [
            .. HealthRoutes.All(new(ports.NotReady)),
            .. AgentRoutes.All(agents),
            .. TaskRoutes.All(tasks),
            .. ImportRoutes.All(new(http, tasks, ports.Clock)),
            .. ClusterRoutes.All(ports),
        ];
    }
}
