using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Benchmarks;

public sealed class TableTests
{
    // Broken on purpose: the baseline left out of the line. How fast it is, is for a machine that has nothing else to do.
    [Fact]
    public async Task One_measure_prints_a_line_of_json_with_its_ratio_and_its_target()
    {
        var run = await ProgramRun.OfAsync(BuiltProgram.Benchmarks, TestContext.Current.CancellationToken, "--only", "start", "--json");

        var line = JsonDocument.Parse(Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.InRange(run.ExitCode, 0, 1);
        Assert.Equal(run.ExitCode == 0, line.GetProperty("ok").GetBoolean());
        Assert.Equal("start to ready, empty data", line.GetProperty("measure").GetString());
        Assert.InRange(line.GetProperty("value").GetDouble(), 0.01, 60);
        Assert.Equal("s", line.GetProperty("unit").GetString());
        Assert.Equal("asked for: at most 1 s", line.GetProperty("baseline").GetString());
        Assert.Equal(line.GetProperty("value").GetDouble(), line.GetProperty("ratio").GetDouble());
        Assert.Equal(1, line.GetProperty("target").GetDouble());
    }

    // Broken on purpose: the names left out of the message.
    [Fact]
    public async Task A_measure_that_is_not_there_is_answered_with_those_that_are()
    {
        var run = await ProgramRun.OfAsync(BuiltProgram.Benchmarks, TestContext.Current.CancellationToken, "--only", "nothing");

        Assert.Equal(64, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("Expected one of claims, slow-syncs,", run.Errors, StringComparison.Ordinal);
    }
}
