using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AgentCluster.Tests.Node.Logs;

/// <summary>Keeps what would stand on stderr.</summary>
internal sealed class FormattedLog(ConsoleFormatter formatter) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>All that was written, as it was written.</summary>
    public string Text => string.Concat(_lines);

    public ILogger CreateLogger(string categoryName) => new Category(formatter, categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Category(ConsoleFormatter form, string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringWriter { NewLine = "\n" };
            form.Write(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter), null, text);
            lines.Enqueue(text.ToString());
        }
    }
}
