using Microsoft.Extensions.Logging;

namespace AgentCluster.Storage.Sqlite;

internal static partial class SqliteStoreLog
{
    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "Opened {Path} with {Library}, synchronous=FULL: what is answered survives a power cut as far as the disk is honest")]
    public static partial void Opened(this ILogger logger, string path, SqliteLibrary library);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Path}: a write ended in an error of the machine ({Error}); the connection is closed and opened again before anything is read or written")]
    public static partial void ReopeningAfterError(this ILogger logger, string path, string error);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The WAL could not be copied back after {Pages} pages ({Error}); nothing is lost, it is tried again")]
    public static partial void CheckpointFailed(this ILogger logger, int pages, string error);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "{Path} is a backup, started for the first time: generation {Generation} begins. Claims that it holds lapse, and tokens from before are refused")]
    public static partial void Restored(this ILogger logger, string path, int generation);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Critical, Message = "{Found} Nothing more is written")]
    public static partial void FileLost(this ILogger logger, string found);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The WAL has {Pages} pages, {Copied} of them copied back: readers kept it from starting anew; waiting for them")]
    public static partial void WalIsLarge(this ILogger logger, int pages, int copied);
}
