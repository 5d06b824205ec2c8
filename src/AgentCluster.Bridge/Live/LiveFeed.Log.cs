using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Live;

/// <summary>Event ids 6200–6299.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(EventId = 6200, Level = LogLevel.Warning,
        Message = "The journal cannot be read for live events: {Detail} Looking again in a second; nobody misses anything")]
    public static partial void JournalUnavailable(this ILogger log, string detail);

    [LoggerMessage(EventId = 6201, Level = LogLevel.Error,
        Message = "The live feed met a bug; those who listened are sent away to resume from their last event")]
    public static partial void FeedFailed(this ILogger log, Exception bug);

    [LoggerMessage(EventId = 6203, Level = LogLevel.Warning,
        Message = "The journal was restored: expected generation {Expected}, found {Found}; those who listened are sent away to start again")]
    public static partial void JournalRestored(this ILogger log, int expected, int found);

    [LoggerMessage(EventId = 6202, Level = LogLevel.Error,
        Message = "A stream of live events met a bug and was closed; its request id is {RequestId}")]
    public static partial void StreamFailed(this ILogger log, Exception bug, string requestId);
}
