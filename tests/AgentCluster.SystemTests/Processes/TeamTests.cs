using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Processes;

/// <summary>A team that has nothing but <c>pbm</c> takes an epic from a file to 100 %, and the node is killed on the way.</summary>
public sealed class TeamTests : IAsyncLifetime
{
    private const string Plan =
        """
        {"master":{"tasks":[
          {"id":1,"title":"Set up","status":"done"},
          {"id":2,"title":"Log in","priority":"high","dependencies":[1],"testStrategy":"Log in by hand","subtasks":[
            {"id":1,"title":"Callback"},
            {"id":2,"title":"Cookie","dependencies":[1]},
            {"id":3,"title":"Log out","dependencies":[1]}]}
        ]}}
        """;

    private readonly DataFolder _data = new();
    private NodeProcess _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await NodeProcess.StartAsync(_data.Path, Cancellation, NodeProcess.Place());

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _data.Dispose();
    }

    // Broken on purpose: pbm without repeats (the completion that was said while the node was dead ended with exit code 5).
    [Fact(Timeout = 120_000)]
    public async Task An_epic_goes_from_a_file_to_100_percent_through_a_kill()
    {
        var plan = Path.Combine(_data.Path, "tasks.json");
        await File.WriteAllTextAsync(plan, Plan, Cancellation);

        Assert.Equal(5, (await DoneAsync("import", plan, "--format", "taskmaster")).GetProperty("created").GetInt32());
        var epic = At((await DoneAsync("epic", "list")).GetProperty("items")[0], "id");
        await DoneAsync("agent", "register", "ada", "--role", "Developer");
        await DoneAsync("agent", "register", "grace", "--role", "Developer");
        using var tail = Tail(epic);

        // The first is worked on, then the node is killed, and its completion is said while nobody listens.
        var first = await ClaimAsync("ada");
        Assert.Equal(3, (await PbmAsync("task", "next", "--agent", "grace")).ExitCode);
        await DoneAsync("task", "progress", At(first, "task.id"), "--token", At(first, "claim.token"), "--percent", "50", "--usd", "0.25");
        _node.Kill();
        await _node.ExitedAsync(Cancellation);
        var completing = PbmAsync("task", "complete", At(first, "task.id"), "--token", At(first, "claim.token"), "--summary", "It calls back", "-o", "json");
        var killed = _node;
        _node = await NodeProcess.StartAsync(_data.Path, Cancellation, killed.Address.Authority);
        await killed.DisposeAsync();
        var completed = await completing;
        Assert.True(completed.ExitCode == 0, completed.Errors);

        // Nobody was given what another holds, and the rest is done by both.
        await Task.WhenAll(WorkAsync("ada"), WorkAsync("grace"));
        var last = await ClaimAsync("ada");
        var why = await DoneAsync("epic", "progress", epic);
        Assert.Equal(("75", "active"), (At(why, "percent"), At(why, "status")));
        Assert.Equal(4, (await PbmAsync("task", "complete", At(last, "task.id"), "--token", At(last, "claim.token"), "--summary", "x")).ExitCode);
        await DoneAsync("task", "complete", At(last, "task.id"), "--token", At(last, "claim.token"), "--summary", "Works", "--met", "0:tried");

        var progress = await DoneAsync("epic", "progress", epic);
        Assert.Equal(("100", "completed", "4"), (At(progress, "percent"), At(progress, "status"), At(progress, "by_status.completed")));
        Assert.Equal("0.25", At(progress, "cost.actual_usd"));
        await HeardAsync(tail);
        Assert.Equal(0, (await DoneAsync("import", plan, "--format", "taskmaster")).GetProperty("updated").GetInt32());
    }

    private async Task WorkAsync(string agent)
    {
        var claim = await ClaimAsync(agent);
        await DoneAsync("task", "complete", At(claim, "task.id"), "--token", At(claim, "claim.token"), "--summary", "Done");
    }

    private Task<JsonElement> ClaimAsync(string agent) => DoneAsync("task", "next", "--agent", agent);

    private async Task<JsonElement> DoneAsync(params string[] arguments)
    {
        var run = await PbmAsync([.. arguments, "-o", "json"]);
        Assert.True(run.ExitCode == 0, $"pbm {string.Join(' ', arguments)}: exit {run.ExitCode}: {run.Errors}");
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private Task<ProgramRun> PbmAsync(params string[] arguments) =>
        ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, ["--node", _node.Address.ToString(), .. arguments]);

    /// <summary>Follows the epic's events through the kill, until it has ended.</summary>
    private Process Tail(string epic) => Process.Start(ProgramRun.Start(
        BuiltProgram.Pbm, "--node", _node.Address.ToString(), "events", "tail", "--channels", $"epic:{epic}", "--after", "0", "-o", "json"))!;

    private static async Task HeardAsync(Process tail)
    {
        ConcurrentQueue<string> cursors = new();
        try
        {
            while (await tail.StandardOutput.ReadLineAsync(Cancellation) is { } line)
            {
                var heard = JsonDocument.Parse(line).RootElement;
                cursors.Enqueue(At(heard, "cursor"));
                if (At(heard, "name") == "epic_ended")
                {
                    break;
                }
            }
        }
        finally
        {
            tail.Kill();
        }

        Assert.Equal(cursors.Count, cursors.Distinct().Count());
    }

    private static string At(JsonElement json, string path)
    {
        foreach (var name in path.Split('.'))
        {
            json = json.GetProperty(name);
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
    }
}
