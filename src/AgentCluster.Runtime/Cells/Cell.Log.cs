using AgentCluster.Actors;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Cells;

// Cells own event ids 1200-1299.
internal static partial class CellLog
{
    [LoggerMessage(EventId = 1200, Level = LogLevel.Error,
        Message = "{Actor} (shard {Shard}) threw while deciding {Command}; nothing was changed, the caller hears not_done")]
    public static partial void DecideFailed(this ILogger log, ActorId actor, int shard, string command, Exception bug);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error,
        Message = "{Actor} (shard {Shard}) threw while applying {Command} (failure {Failures} of 3); dropping it, it recovers from the store")]
    public static partial void ApplyFailed(this ILogger log, ActorId actor, int shard, string command, int failures, Exception bug);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error,
        Message = "{Actor} (shard {Shard}) could not be recovered (failure {Failures} of 3)")]
    public static partial void RecoveryFailed(this ILogger log, ActorId actor, int shard, int failures, Exception cause);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Critical,
        Message = "{Actor} (shard {Shard}) is quarantined after {Failures} failures: {Trouble}")]
    public static partial void Quarantined(this ILogger log, ActorId actor, int shard, int failures, string trouble);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning,
        Message = "The snapshot of {Actor} (shard {Shard}) is damaged ({Found}); replaying its events from the start")]
    public static partial void SnapshotDamaged(this ILogger log, ActorId actor, int shard, string found);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Error,
        Message = "{Actor} (shard {Shard}) could not decide {Name} three times; it is parked and can be seen with 'pbm actor inspect'")]
    public static partial void Parked(this ILogger log, ActorId actor, int shard, string name);
}
