using AgentCluster.Node.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AgentCluster.Node.Logs;

/// <summary>Where a process that is nothing but a node writes its log: to stderr.</summary>
internal static class LogOutput
{
    /// <summary>Sets it up.</summary>
    /// <param name="services">Of the process.</param>
    /// <param name="settings">How much, and in which form.</param>
    /// <param name="isTerminal">Whether a person looks at stderr.</param>
    public static IServiceCollection AddLogOutput(this IServiceCollection services, LogSettings settings, bool isTerminal)
    {
        var format = settings.Format ?? (isTerminal ? LogFormat.Text : LogFormat.Json);
        var level = new LogLevelSwitch(settings.Level);
        return services
            .AddLogging(logging => logging

                // What keeps the node from starting is said once, in words, on stderr.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)

                // An enabled log here makes every request carry an Activity, and says nothing that the bridge does not.
                .AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None)
                .AddConsole(console => console.FormatterName = format == LogFormat.Json ? JsonLines.FormatterName : TextLines.FormatterName)
                .AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>()
                .AddConsoleFormatter<TextLines, ConsoleFormatterOptions>())

            // After AddLogging, which sets a level of its own: the last one holds.
            .AddSingleton(level)
            .AddSingleton<IConfigureOptions<LoggerFilterOptions>>(level)
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(level)
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
