using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AgentCluster.Node.Logs;

/// <summary>
/// Writes each log line as one JSON object: when, how bad, which line of the program, the text, what it is about (trace,
/// request, actor, shard), and the rest of its values under <c>data</c>.
/// </summary>
internal sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "agentcluster-json";

    private const string Template = "{OriginalFormat}";

    // What lines of different parts have in common, so that they can be brought together.
    private static readonly string[] Correlated = ["trace_id", "request_id", "actor", "shard"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("at"u8, TimeProvider.System.GetUtcNow().UtcDateTime);
            json.WriteString("level"u8, Words.Of(logEntry.LogLevel));
            json.WriteNumber("event"u8, logEntry.EventId.Id);
            json.WriteString("category"u8, logEntry.Category);
            json.WriteString("text"u8, logEntry.Formatter(logEntry.State, null));
            WriteValues(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            if (logEntry.Exception is { } error)
            {
                json.WriteString("error"u8, error.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> state)
    {
        var values = state.Where(value => value.Key != Template && value.Value is not null)
            .Select(value => (Name: JsonNamingPolicy.SnakeCaseLower.ConvertName(value.Key), Value: value.Value!))
            .ToLookup(value => Correlated.Contains(value.Name));
        if (Activity.Current is { } span)
        {
            json.WriteString("trace_id"u8, span.TraceId.ToHexString());
            json.WriteString("span_id"u8, span.SpanId.ToHexString());
        }

        foreach (var (name, value) in values[true].Where(value => value.Name != "trace_id" || Activity.Current is null))
        {
            Write(json, name, value);
        }

        if (values[false].Any())
        {
            json.WriteStartObject("data"u8);
            foreach (var (name, value) in values[false])
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }
}
