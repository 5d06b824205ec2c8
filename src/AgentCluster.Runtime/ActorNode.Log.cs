using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime;

// The node owns event ids 1300-1399.
internal static partial class ActorNodeLog
{
    [LoggerMessage(EventId = 1300, Level = LogLevel.Warning,
        Message = "Shard {Shard} could not be acquired ({Cause}); trying again")]
    public static partial void AcquireFailed(this ILogger log, int shard, string cause);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Critical,
        Message = "Shard {Shard} is given up: acquiring it met a bug; restart the node")]
    public static partial void ReacquireFailed(this ILogger log, int shard, Exception bug);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning,
        Message = "Expired command ids could not be deleted ({Cause}); trying again in a while")]
    public static partial void MaintenanceFailed(this ILogger log, string cause);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning,
        Message = "The shards could not be given back ({Cause}); whoever takes them waits for the lease to end")]
    public static partial void ReleaseFailed(this ILogger log, string cause);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Warning,
        Message = "Shard {Shard} was held in generation {Held}, and generation {Begun} of the store has begun: what was answered since the state that it was put back to may be lost; acquiring the shard anew")]
    public static partial void Superseded(this ILogger log, int shard, int held, int begun);

    [LoggerMessage(EventId = 1305, Level = LogLevel.Warning,
        Message = "{Detail} It is passed over; is that node of another version?")]
    public static partial void Unreadable(this ILogger log, string detail);
}
