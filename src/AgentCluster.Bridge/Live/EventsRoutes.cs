using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Live;

/// <summary>Where live events are heard.</summary>
internal static class EventsRoutes
{
    /// <summary>The operation's name, over either protocol.</summary>
    public const string Name = "events_follow";

    public static IEnumerable<Route> All(EventsFace events) =>
    [
        Streamed("/api/v1/events", Name, "Tells what happens, as server-sent events", Answers.Other("text/event-stream"), events.Sse),
        Streamed("/api/v1/events/ws", "events_socket", "Tells what happens, over a WebSocket", Answers.Switched(), events.WebSocket),
    ];

    private static Route Streamed(string path, string name, string summary, Answers answers, RequestDelegate answer) => Route.Streamed(
        HttpMethods.Get,
        path,
        new(name, Scope.EventsRead, summary, EventsRequest.Shape.Describe(), [], answers.Or(ProblemKind.CursorGone)),
        answer);
}
