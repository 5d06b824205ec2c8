using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Cluster;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Health;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Import;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Server;

/// <summary>Every path of the node. Routing takes each with and without a trailing slash.</summary>
internal static class Routes
{
    /// <summary>Adds them all.</summary>
    public static void Map(IEndpointRouteBuilder app, BridgeOptions options, BridgePorts ports)
    {
        var profiles = new Profiles(ports.Actors, ports.Clock);
        var handles = new AgentHandles(options.Secret);
        var signs = new Signs(ports.Actors, ports.Clock);
        var http = new HttpFace(new(handles, profiles, signs), ports.Logs.CreateLogger<HttpFace>());
        var tasks = new TaskQueries(ports.Rows);

        MapHealth(app, ports);
        MapAgents(app, http, new(ports.Actors, new(ports.Rows), tasks, profiles, handles, ports.Clock));
        MapTasks(app, http, ports, new(ports.Actors, tasks, new(tasks, ports.Clock), profiles, signs, ports.Ids));
        MapCluster(app, http, ports);
    }

    private static void MapHealth(IEndpointRouteBuilder app, BridgePorts ports)
    {
        var health = new HealthPages(ports.NotReady);
        Get(app, "/", HealthPages.AboutAsync);
        Get(app, "/health/live", HealthPages.LiveAsync);
        Get(app, "/health/ready", health.ReadyAsync);
        Get(app, "/problems/{code}", HealthPages.ExplainAsync);
    }

    private static void MapAgents(IEndpointRouteBuilder app, HttpFace http, AgentCalls agents)
    {
        Get(app, "/api/v1/agents", http.Reading(Roster.List(agents)));
        Get(app, "/api/v1/agents/{id}", http.Reading(Roster.Show(agents)));
        app.MapMethods("/api/v1/agents/{id}", [HttpMethods.Put], http.Writing(Registration.Register(agents)));
        app.MapMethods("/api/v1/agents/{id}", [HttpMethods.Delete], http.Writing(Registration.Deregister(agents)));
        Post(app, "/api/v1/agents/{id}/heartbeat", http.Writing(Presence.Heartbeat(agents)));
    }

    private static void MapTasks(IEndpointRouteBuilder app, HttpFace http, BridgePorts ports, TaskCalls tasks)
    {
        Get(app, "/api/v1/tasks", http.Reading(TaskLists.All(tasks)));
        Post(app, "/api/v1/tasks", http.Writing(Creation.One(tasks)));
        Post(app, "/api/v1/tasks/batch", http.Writing(Creation.Many(tasks)));
        Get(app, "/api/v1/tasks/available", http.Reading(TaskLists.Available(tasks)));
        Post(app, "/api/v1/tasks/claim", http.Writing(Claims.Next(tasks)));
        Get(app, "/api/v1/tasks/{id}", http.Reading(TaskLists.Show(tasks)));
        Post(app, "/api/v1/tasks/{id}/claim", http.Writing(Claims.One(tasks)));
        Post(app, "/api/v1/tasks/{id}/progress", http.Writing(Holding.Progress(tasks)));
        Post(app, "/api/v1/tasks/{id}/complete", http.Writing(Completion.Of(tasks)));
        Post(app, "/api/v1/tasks/{id}/fail", http.Writing(Holding.Fail(tasks)));
        Post(app, "/api/v1/tasks/{id}/release", http.Writing(Holding.Release(tasks)));
        Post(app, "/api/v1/tasks/{id}/cancel", http.Writing(Holding.Cancel(tasks)));
        Post(app, "/api/v1/import", new ImportFace(http, tasks, ports.Clock).Delegate);
    }

    private static void MapCluster(IEndpointRouteBuilder app, HttpFace http, BridgePorts ports)
    {
        Get(app, "/api/v1/cluster/status", http.Reading(ClusterOperations.Status(ports.Inspector, ports.NotReady)));
        Get(app, "/api/v1/cluster/config", http.Reading(ClusterOperations.Config(ports.Config)));
        Get(app, "/api/v1/cluster/actors/{kind}/{id}", http.Reading(ClusterOperations.Actor(ports.Inspector)));
    }

    private static void Get(IEndpointRouteBuilder app, string path, RequestDelegate answer) =>
        app.MapMethods(path, [HttpMethods.Get], answer);

    private static void Post(IEndpointRouteBuilder app, string path, RequestDelegate answer) =>
        app.MapMethods(path, [HttpMethods.Post], answer);
}
