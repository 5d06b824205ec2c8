using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Audit;

/// <summary>Event ids 6100–6199.</summary>
internal static partial class AuditTrailLog
{
    [LoggerMessage(EventId = 6100, Level = LogLevel.Warning,
        Message = "Whether {Count} refusals reached the audit is not known: the store did not say; they are not written again")]
    public static partial void LostAudit(this ILogger log, long count);
}
