using AgentCluster.Actors;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Http;

/// <summary>Event ids 6000–6099.</summary>
internal static partial class HttpFaceLog
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Error,
        Message = "A {Method} request met a bug and was answered 500; its request id is {RequestId}, its trace {TraceId}")]
    public static partial void MetABug(this ILogger log, Exception bug, string method, string requestId, string? traceId);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Warning,
        Message = "A {Method} request was refused because {Actor} met a bug ({Detail}); its request id is {RequestId}, its trace {TraceId}")]
    public static partial void Faulted(this ILogger log, string method, ActorId actor, string detail, string requestId, string? traceId);
}
