using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Membership;

// Membership owns event ids 1500-1599.
internal static partial class KeeperLog
{
    [LoggerMessage(EventId = 1500, Level = LogLevel.Information,
        Message = "Joined the cluster as {Self} at {Address}; {Others} other nodes are there")]
    public static partial void Joined(this ILogger log, Incarnation self, string address, int others);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Warning,
        Message = "Node {Member} at {Address} has not renewed its lease for {Lease} as seen from here: it is down, its shards are taken")]
    public static partial void Down(this ILogger log, Incarnation member, string address, TimeSpan lease);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning,
        Message = "This node was declared down as {Self}: it gives up its shards and comes back as another")]
    public static partial void DeclaredDown(this ILogger log, Incarnation self);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Information, Message = "Took {Count} shards")]
    public static partial void Took(this ILogger log, int count);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Information, Message = "Handed {Count} shards over")]
    public static partial void HandedOver(this ILogger log, int count);

    [LoggerMessage(EventId = 1505, Level = LogLevel.Warning,
        Message = "The lease could not be renewed ({Cause}); reads are refused once it is not trusted any more")]
    public static partial void RenewalFailed(this ILogger log, string cause);

    [LoggerMessage(EventId = 1506, Level = LogLevel.Critical, Message = "Keeping the node's membership met a bug; trying again")]
    public static partial void KeepingFailed(this ILogger log, Exception bug);
}
