using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Node;
using AgentCluster.Node.Logs;
using AgentCluster.Node.Ports;
using AgentCluster.Node.Settings;
using AgentCluster.Node.Telemetry;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit.Stores;
using AgentCluster.Tests.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Tests.Node.Logs;

/// <summary>What stands on stderr: one line each, that programs can join and that no text of a caller can forge.</summary>
public sealed class LogLineTests
{
    private const string Hostile = "x\u001b[2J\r\n2026-01-01T00:00:00.000Z error 1 Forged: y\u202e\u2028";

    [Fact]
    public void A_line_of_json_says_what_it_is_about()
    {
        var line = JsonDocument.Parse(Written(new JsonLines(), log => log.Met(
            new InvalidOperationException("broken"), new ActorId("registry", "p"), 3, "r1", Hostile, null))).RootElement;

        Assert.True(DateTimeOffset.TryParse(line.GetProperty("at").GetString(), out _));
        Assert.Equal("warning", line.GetProperty("level").GetString());
        Assert.Equal(77, line.GetProperty("event").GetInt32());
        Assert.Equal("Some.Part", line.GetProperty("category").GetString());
        Assert.Equal("registry/p", line.GetProperty("actor").GetString());
        Assert.Equal(3, line.GetProperty("shard").GetInt32());
        Assert.Equal("r1", line.GetProperty("request_id").GetString());
        Assert.Equal(Hostile, line.GetProperty("data").GetProperty("detail").GetString());
        Assert.StartsWith("System.InvalidOperationException: broken", line.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(line.GetProperty("data").TryGetProperty("nothing", out _));
        Assert.False(line.TryGetProperty("trace_id", out _));
    }

    // Broken on purpose: writing the text as it is.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_text_moves_a_cursor_or_begins_a_line(bool asJson)
    {
        var written = Written(asJson ? new JsonLines() : new TextLines(), log => log.Broke(new InvalidOperationException(Hostile), Hostile));

        Assert.DoesNotContain(written, letter => letter is '\u001b' or '\r' or '\u202e' or '\u2028');
        Assert.All(written.TrimEnd('\n').Split('\n').Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.Equal(asJson ? 1 : 3, written.Count(letter => letter == '\n'));
    }

    [Fact]
    public void People_read_when_how_bad_which_line_and_where() =>
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning 79 Some\.Part: It is so\n$", Written(new TextLines(), log => log.IsSo("so")));

    // Broken on purpose: logging without entering the command's trace.
    [Fact]
    public async Task A_bug_of_an_actor_is_logged_with_the_trace_of_the_request_that_met_it()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CommandTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var log = new FormattedLog(new JsonLines());
        await using var store = new MemoryStore([], TimeProvider.System);
        var actors = await ActorNode.StartAsync(
            new(store, new ThreadPoolDispatcher(), TimeProvider.System, new SystemRandom(), log.CreateLogger("Actors")) { Tracing = new CommandTracing() },
            new() { Shards = 4 },
            [ActorKind.Of<Notebook, NotebookState, NotebookCommand, NotebookEvent>()],
            CancellationToken.None);
        using var request = new Activity("request").Start();

        await Assert.ThrowsAsync<ActorUnavailableException>(
            () => actors.AskAsync(new ActorId(Notebook.Kind, "a"), new NotebookCommand.Write("throw"), null, CancellationToken.None).AsTask());
        await actors.DrainAsync(TimeSpan.FromSeconds(5));

        var line = JsonDocument.Parse(log.Text).RootElement;
        Assert.Equal(request.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal($"{Notebook.Kind}/a", line.GetProperty("actor").GetString());
        Assert.InRange(line.GetProperty("shard").GetInt32(), 0, 3);
        Assert.Same(request, Activity.Current);
    }

    [Theory]
    [InlineData("json", true, JsonLines.FormatterName)]
    [InlineData("text", false, TextLines.FormatterName)]
    [InlineData(null, true, TextLines.FormatterName)]
    [InlineData(null, false, JsonLines.FormatterName)]
    public void The_form_is_chosen_by_who_looks_unless_it_is_set(string? format, bool isTerminal, string expected)
    {
        var settings = new LogSettings { Format = format is null ? null : Enum.Parse<LogFormat>(format, ignoreCase: true) };
        using var services = new ServiceCollection().AddLogOutput(settings, isTerminal).BuildServiceProvider();

        var console = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>>().Value;

        Assert.Equal(expected, console.FormatterName);
        Assert.Contains(services.GetServices<Microsoft.Extensions.Logging.Console.ConsoleFormatter>(), formatter => formatter.Name == expected);
        Assert.Equal(LogLevel.Trace, console.LogToStandardErrorThreshold);
    }

    // Broken on purpose: a level that tells nobody that it has changed; the logger that was there before stays silent.
    [Fact]
    public void A_level_that_is_turned_up_is_heard_by_loggers_that_were_there_before_and_down_again()
    {
        using var services = new ServiceCollection().AddLogOutput(new(), isTerminal: false).BuildServiceProvider();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Some.Part");
        var level = services.GetRequiredService<LogLevelSwitch>();

        Assert.Equal((LogLevel.Warning, LogLevel.Warning), (level.Level, level.Configured));
        Assert.False(log.IsEnabled(LogLevel.Debug));
        level.Level = LogLevel.Debug;
        Assert.True(log.IsEnabled(LogLevel.Debug));
        level.Level = LogLevel.Error;
        Assert.False(log.IsEnabled(LogLevel.Warning));
        Assert.True(log.IsEnabled(LogLevel.Error));
        Assert.Equal(LogLevel.Warning, level.Configured);
    }

    private static string Written(Microsoft.Extensions.Logging.Console.ConsoleFormatter formatter, Action<ILogger> log)
    {
        using var written = new FormattedLog(formatter);
        log(written.CreateLogger("Some.Part"));
        return written.Text;
    }
}

internal static partial class SomeLines
{
    [LoggerMessage(EventId = 77, Level = LogLevel.Warning, Message = "{Actor} of {Shard} in {RequestId}: {Detail} {Nothing}")]
    public static partial void Met(this ILogger log, Exception bug, ActorId actor, int shard, string requestId, string detail, string? nothing);

    [LoggerMessage(EventId = 78, Level = LogLevel.Error, Message = "{Detail}")]
    public static partial void Broke(this ILogger log, Exception bug, string detail);

    [LoggerMessage(EventId = 79, Level = LogLevel.Warning, Message = "It is {How}")]
    public static partial void IsSo(this ILogger log, string how);
}
