using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Forecasts;

internal static partial class ForecastWorkerLog
{
    [LoggerMessage(EventId = 7300, Level = LogLevel.Warning, Message = "What was seen in working copies was not told: {Trouble}. The next look tells it")]
    public static partial void NotTold(this ILogger logger, string trouble);

    [LoggerMessage(EventId = 7301, Level = LogLevel.Warning, Message = "There is no git on the path: nobody on this node looks into working copies, and no merge is foreseen. Install git 2.39 or later and start again, or set agentcluster.git.watch = off")]
    public static partial void NoGit(this ILogger logger);
}
