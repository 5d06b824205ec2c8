using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Upkeep;

internal static partial class BackupsLog
{
    [LoggerMessage(EventId = 7200, Level = LogLevel.Information, Message = "Backup made: {Path}, {Bytes} bytes")]
    public static partial void Made(this ILogger logger, string path, long bytes);

    [LoggerMessage(EventId = 7201, Level = LogLevel.Warning, Message = "No backup was made: there is no room in {Path} ({Error}). Make some, or set agentcluster.data.backups to another disk")]
    public static partial void NoRoom(this ILogger logger, string path, string error);

    [LoggerMessage(EventId = 7202, Level = LogLevel.Error, Message = "No backup was made in {Path}")]
    public static partial void Failed(this ILogger logger, string path, Exception error);
}
