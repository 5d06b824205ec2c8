using AgentCluster.Node.Logs;
using AgentCluster.Tests.Cli;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Tests.Bridge;

/// <summary>The log of a running node is turned up and down, over HTTP and with pbm.</summary>
public sealed class LogLevelCallTests : IAsyncLifetime
{
    private readonly LogLevelSwitch _level = new(LogLevel.Warning);
    private readonly NoNode _nothing = new();
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing, logLevel: _level);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    [Theory]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("information", LogLevel.Information)]
    [InlineData("warning", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    public async Task It_is_set_and_shown_beside_what_the_node_was_started_with(string word, LogLevel level)
    {
        var set = (await _bridge.PutAsync("/api/v1/node/log/", $$"""{"level":"{{word}}"}""")).Is(200).Json;

        Assert.Equal($$"""{"level":"{{word}}","configured":"warning"}""", set.GetRawText());
        Assert.Equal(level, _level.Level);
        Assert.Equal(set.GetRawText(), (await _bridge.GetAsync("/api/v1/node/log/")).Is(200).Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"level":"loud"}""")]
    [InlineData("""{"level":"trace"}""")]
    [InlineData("""{"level":0}""")]
    [InlineData("{}")]
    public async Task What_is_no_level_is_refused_and_nothing_changes(string body)
    {
        (await _bridge.PutAsync("/api/v1/node/log/", body)).IsProblem(400, "invalid");

        Assert.Equal(LogLevel.Warning, _level.Level);
    }

    [Fact]
    public async Task A_node_within_another_program_says_who_has_the_log()
    {
        await using var within = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing);

        (await within.GetAsync("/api/v1/node/log/")).IsProblem(404, "not_found");
        (await within.PutAsync("/api/v1/node/log/", """{"level":"debug"}""")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Pbm_shows_and_sets_it()
    {
        var set = (await Ran.OfAsync(_bridge.Address, "log", "level", "debug")).IsDone();
        var shown = (await Ran.OfAsync(_bridge.Address, "log", "level")).IsDone();
        var wrong = await Ran.OfAsync(_bridge.Address, "log", "level", "loud");

        Assert.Equal("level | debug\nconfigured | warning\n", set.Data);
        Assert.Equal(set.Data, shown.Data);
        Assert.NotEqual(0, wrong.Code);
        Assert.Contains("must be one of", wrong.Words, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Debug, _level.Level);
    }
}
