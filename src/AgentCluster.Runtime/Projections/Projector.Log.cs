using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Projections;

/// <summary>Event ids 4500–4599.</summary>
internal static partial class ProjectorLog
{
    [LoggerMessage(EventId = 4500, Level = LogLevel.Warning,
        Message = "Projection {Projection} cannot go on: {Detail} Trying again; nothing is lost, its rows are behind")]
    public static partial void ProjectionAway(this ILogger log, string projection, string detail);

    [LoggerMessage(EventId = 4501, Level = LogLevel.Error,
        Message = "Projection {Projection} met a bug; trying again from its stored cursor, its rows are behind")]
    public static partial void ProjectionFailed(this ILogger log, string projection, Exception bug);
}
