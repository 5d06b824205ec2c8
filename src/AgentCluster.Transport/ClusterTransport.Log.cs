using Microsoft.Extensions.Logging;

namespace AgentCluster.Transport;

// The transport owns event ids 1700-1799.
internal static partial class ClusterTransportLog
{
    [LoggerMessage(EventId = 1700, Level = LogLevel.Warning,
        Message = "A connection to the cluster port from {Address} was refused: {Detail}")]
    public static partial void CallerRefused(this ILogger log, string address, string detail);

    [LoggerMessage(EventId = 1701, Level = LogLevel.Critical, Message = "Serving another node met a bug; its connection ends")]
    public static partial void ServingFailed(this ILogger log, Exception bug);

    [LoggerMessage(EventId = 1702, Level = LogLevel.Warning, Message = "No connection can be taken on the cluster port ({Cause}); trying again")]
    public static partial void AcceptFailed(this ILogger log, string cause);

    [LoggerMessage(EventId = 1703, Level = LogLevel.Information, Message = "Connected to node {Peer} at {Address}")]
    public static partial void Connected(this ILogger log, UInt128 peer, string address);

    [LoggerMessage(EventId = 1704, Level = LogLevel.Warning, Message = "Node at {Address} cannot be reached ({Cause}); its commands wait, or go to its heir")]
    public static partial void Unreachable(this ILogger log, string address, string cause);

    [LoggerMessage(EventId = 1705, Level = LogLevel.Warning, Message = "The connection to the node at {Address} has ended ({Cause}) under {Waiting} commands")]
    public static partial void Disconnected(this ILogger log, string address, string cause, int waiting);
}
