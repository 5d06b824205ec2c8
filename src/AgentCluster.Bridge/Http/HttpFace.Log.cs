using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Http;

/// <summary>Event ids 6000–6099.</summary>
internal static partial class HttpFaceLog
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Error,
        Message = "A {Method} request met a bug and was answered 500; its request id is {RequestId}")]
    public static partial void MetABug(this ILogger log, Exception bug, string method, string requestId);
}
