using AgentCluster.Actors;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Commits;

// Commits own event ids 1100-1199.
internal static partial class CommitProtocolLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning,
        Message = "The database refuses something in a group of {Shards} shards ({Detail}); sending it again shard by shard")]
    public static partial void GroupRefused(this ILogger log, int shards, string? detail);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error,
        Message = "The database refuses what {Actor} (shard {Shard}) writes ({Detail}); dropping the actor, its shard goes on")]
    public static partial void ActorRefused(this ILogger log, ActorId actor, int shard, string? detail);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning,
        Message = "The answer to a commit of {Shards} shards was lost ({Detail}); reading their lease rows")]
    public static partial void OutcomeUnknown(this ILogger log, int shards, string? detail);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error,
        Message = "Shard {Shard}: the outcome of a commit was not settled within {Window}; acquiring the shard anew")]
    public static partial void Unsettled(this ILogger log, int shard, TimeSpan window);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Critical,
        Message = "A commit of {Shards} shards ended in a bug of the runtime; acquiring the shards anew")]
    public static partial void CommitFailed(this ILogger log, int shards, Exception bug);
}
