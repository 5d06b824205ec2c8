using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Mcp;

/// <summary>Event ids 6400–6499.</summary>
internal static partial class McpLog
{
    [LoggerMessage(EventId = 6400, Level = LogLevel.Error, Message = "A tool met a bug and was answered so; its request id is {RequestId}")]
    public static partial void ToolFailed(this ILogger log, Exception bug, string requestId);
}
