using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>A node's log is turned up while something is looked for, and down again.</summary>
internal static class LogLevelOperations
{
    /// <summary>How much this node writes to its log.</summary>
    public static Operation<NoRequest> Show(ILogLevel? log) => new(
        "log_level_show",
        Scope.Ops,
        "Shows how much this node writes to its log",
        NoRequest.Shape,
        Answers.Ok(LogLevelBody.Schema).Or(ProblemKind.NotFound),
        (_, _) => new(log is null ? Elsewhere : Answer.Ok(LogLevelBody.Of(log))));

    /// <summary>Changes it until the node ends.</summary>
    public static Operation<LogLevelRequest> Set(ILogLevel? log) => new(
        "log_level_set",
        Scope.Admin,
        "Changes how much this node writes to its log, until it ends",
        LogLevelRequest.Shape,
        Answers.Ok(LogLevelBody.Schema).Or(ProblemKind.NotFound),
        (request, _) =>
        {
            if (log is null)
            {
                return new(Elsewhere);
            }

            log.Level = request.Level;
            return new(Answer.Ok(LogLevelBody.Of(log)));
        });

    private static Problem Elsewhere => new(
        ProblemKind.NotFound, "This node is part of another program, and that one writes the log: set the level there.");
}

/// <summary>How much to write.</summary>
internal sealed class LogLevelRequest
{
    public static Shape<LogLevelRequest> Shape { get; } = new Shape<LogLevelRequest>()
        .Word("level", ILogLevel.Words, (request, value) => request.Level = value, required: true);

    public LogLevel Level { get; private set; }
}

/// <summary>How much is written.</summary>
/// <param name="Level">Now.</param>
/// <param name="Configured">When the node starts.</param>
internal sealed record LogLevelBody(string Level, string Configured) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("LogLevel")
        .With("level", Is.OneOf(ILogLevel.Names))
        .With("configured", Is.OneOf(ILogLevel.Names));

    public static LogLevelBody Of(ILogLevel log) => new(ILogLevel.Word(log.Level), ILogLevel.Word(log.Configured));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("level"u8, Level);
        json.WriteString("configured"u8, Configured);
        json.WriteEndObject();
    }
}
