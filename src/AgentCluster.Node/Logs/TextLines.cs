using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AgentCluster.Node.Logs;

/// <summary>Writes log lines for people: one each, and an error's own lines indented under it, so that no text looks like another line.</summary>
internal sealed class TextLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "agentcluster-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var at = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var trace = Activity.Current is { } span ? $" [trace {span.TraceId.ToHexString()}]" : string.Empty;
        textWriter.WriteLine(
            $"{at} {Words.Of(logEntry.LogLevel)} {logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture)} {logEntry.Category}: {Words.Printable(logEntry.Formatter(logEntry.State, null))}{trace}");
        if (logEntry.Exception is { } error)
        {
            foreach (var line in error.ToString().Split('\n'))
            {
                textWriter.WriteLine($"    {Words.Printable(line.TrimEnd('\r'))}");
            }
        }
    }
}
