using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Lanes;

// Lanes own event ids 1000-1099.
internal static partial class LaneLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Critical,
        Message = "Lane {Lane}: {Work} failed, which is a bug of the runtime; the lane goes on with its next work")]
    public static partial void WorkFailed(this ILogger log, int lane, string work, Exception bug);
}
