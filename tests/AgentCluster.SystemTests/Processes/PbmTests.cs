using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Processes;

/// <summary>The command line against a live node: data on stdout, words on stderr, exit codes that scripts can trust.</summary>
public sealed class PbmTests(OneNode one) : IClassFixture<OneNode>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Status_shows_the_node()
    {
        var run = await PbmAsync("status", "-o", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(run.Output).RootElement.ValueKind);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tasks_are_listed_and_shown()
    {
        var id = await CreateAsync("Write the parser");

        var list = await PbmAsync("task", "list");
        var show = await PbmAsync("task", "show", id, "-o", "json");

        Assert.Equal(0, list.ExitCode);
        Assert.Contains("Write the parser", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, show.ExitCode);
        Assert.Equal(id, JsonDocument.Parse(show.Output).RootElement.GetProperty("id").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_task_that_is_not_there_is_exit_code_3()
    {
        var run = await PbmAsync("task", "show", "01JZZZZZZZZZZZZZZZZZZZZZZZ");

        Assert.Equal(3, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_in_memory_can_be_looked_into()
    {
        await CreateAsync("Write the parser");

        var run = await PbmAsync("actor", "inspect", "registry/default", "-o", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("running", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Wrong_usage_is_exit_code_2() => Assert.Equal(2, (await PbmAsync("task", "shwo")).ExitCode);

    [Fact(Timeout = 60_000)]
    public async Task A_node_that_is_gone_is_exit_code_5()
    {
        using var data = new DataFolder();
        await using var node = await NodeProcess.StartAsync(data.Path, Cancellation, NodeProcess.Place());
        await node.TerminateAsync(TimeSpan.FromSeconds(10), Cancellation);

        var run = await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, "--node", node.Address.ToString(), "status");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains(node.Address.Authority, run.Errors, StringComparison.Ordinal);
    }

    private Task<ProgramRun> PbmAsync(params string[] arguments) =>
        ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, ["--node", one.Node.Address.ToString(), .. arguments]);

    private async Task<string> CreateAsync(string title)
    {
        using var client = new NodeClient(one.Node.Address);
        var answer = await client.PostAsync("/api/v1/tasks/", JsonSerializer.Serialize(new { title }), Cancellation);
        return answer.Json.GetProperty("id").GetString()!;
    }
}
