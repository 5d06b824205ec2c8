using Microsoft.Extensions.Logging;

namespace AgentCluster.Storage.Postgres;

internal static partial class PostgresStoreLog
{
    [LoggerMessage(EventId = 5100, Level = LogLevel.Information, Message = "Opened {Place}, {Durability}")]
    public static partial void Opened(this ILogger logger, PostgresOptions place, Durability durability);
}
