using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Forecasts;

/// <summary>Real git, a real node: who lost a claim can neither commit nor push under it, and what got around that is found before it is merged.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    private readonly GitFolder _git = new("echo f >f; git add -A; git commit -qm base; git init -q --bare ../origin; git remote add origin ../origin; git push -q origin main; git worktree add -q -b work ../work");
    private readonly DataFolder _data = new();
    private NodeProcess _process = null!;
    private NodeClient _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _process = await NodeProcess.StartAsync(_data.Path, Cancellation);
        _node = new(_process.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _process.DisposeAsync();
        _data.Dispose();
        _git.Dispose();
    }

    // Broken on purpose: a hook that takes a superseded claim for one that its own holder ended.
    [Fact(Timeout = 120_000)]
    public async Task A_superseded_holder_is_stopped_at_commit_and_push_and_found_by_verify()
    {
        _git.Sh("printf '#!/bin/sh\\necho before >>../before; grep -q forbidden \"$1\" && exit 9; exit 0\\n' >main/.git/hooks/commit-msg; chmod +x main/.git/hooks/commit-msg");
        var task = (await _node.PostAsync("/api/v1/tasks/", """{"title":"Work"}""", Cancellation)).Json.GetProperty("id").GetString()!;
        var first = await ClaimAsync(task, "ada");
        await PbmAsync(0, "git", "install-hooks", "--folder", Work, "--task", task, "--token", first);
        await PbmAsync(0, "git", "install-hooks", "--folder", Work, "--task", task, "--token", first);

        Commit(0, "one");
        Assert.Equal($"one\n\nAgentCluster-Task: {task}\nAgentCluster-Token: {first}\n\n", _git.Sh("git -C work log -1 --format=%B"));
        Assert.Equal(1, Commit(9, "forbidden").Code);
        _git.Sh("cd main && echo unbound >unbound && git add -A && git commit -qm unbound"); // another working copy of the same repository
        Assert.Equal("unbound\n\n", _git.Sh("git -C main log -1 --format=%B"));
        await PbmAsync(0, "git", "verify", "main@{1}..work", "--folder", Work);

        await _node.PostAsync($"/api/v1/tasks/{task}/release/", $"{{\"token\":{first}}}", Cancellation);
        var lapsed = await PbmAsync(4, "git", "verify", "main@{1}..work", "--folder", Work);
        var second = await ClaimAsync(task, "grace");
        var commit = Commit(1, "two");
        _git.Sh("cd work && git commit -q --no-verify --allow-empty -m two");
        var push = _git.Run("cd work && git push origin work");
        var superseded = await PbmAsync(4, "git", "verify", "main@{1}..work", "--folder", Work);

        Assert.Contains("not_held", lapsed.Output, StringComparison.Ordinal);
        Assert.Contains("grace", commit.Said, StringComparison.Ordinal);
        Assert.NotEqual(0, push.Code);
        Assert.Contains("claim_superseded", push.Said, StringComparison.Ordinal);
        Assert.Equal("", _git.Sh("git -C origin branch --list work"));
        Assert.Contains("unmarked", superseded.Output, StringComparison.Ordinal);
        Assert.Contains($"It was made under the token {first}", superseded.Output, StringComparison.Ordinal);

        // The next holder takes the work over, and what it built on counts.
        await PbmAsync(0, "git", "install-hooks", "--folder", Work, "--task", task, "--token", second);
        _git.Sh("cd work && git reset -q --hard HEAD~1");
        Commit(0, "three");
        _git.Sh("cd work && git push -q origin work");
        await PbmAsync(0, "git", "verify", "main@{1}..work", "--folder", Work);
        var invented = await TamperedAsync(task);
        Assert.Contains("unknown_token", invented.Output, StringComparison.Ordinal);
        Assert.Contains("unknown_task", invented.Output, StringComparison.Ordinal);
        Assert.Equal(5, _git.Sh("cat before").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length); // one, forbidden, unbound, two, three
    }

    [Fact(Timeout = 120_000)]
    public async Task A_node_that_is_away_stops_nobody_unless_it_was_told_to()
    {
        var task = (await _node.PostAsync("/api/v1/tasks/", """{"title":"Work"}""", Cancellation)).Json.GetProperty("id").GetString()!;
        var token = await ClaimAsync(task, "ada");
        await PbmAsync(0, "git", "install-hooks", "--folder", Work, "--task", task, "--token", token);
        var address = _process.Address.ToString();
        await _process.TerminateAsync(TimeSpan.FromSeconds(10), Cancellation);

        var away = Commit(0, "while it is away");
        var verify = await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, "--node", address, "--timeout", "1", "git", "verify", "work~1..work", "--folder", Work);
        await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, "--node", address, "git", "install-hooks", "--folder", Work, "--task", task, "--token", token, "--refuse-when-away");
        var refused = Commit(1, "refused");

        Assert.Contains("was not found out", away.Said, StringComparison.Ordinal);
        Assert.Contains($"AgentCluster-Token: {token}", _git.Sh("git -C work log -1 --format=%B"), StringComparison.Ordinal);
        Assert.Equal(5, verify.ExitCode);
        Assert.Contains("cannot be reached", refused.Said, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--output=x")]
    [InlineData("no..where")]
    public async Task A_range_that_is_none_is_wrong_usage(string range)
    {
        var run = await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, "--node", _process.Address.ToString(), "git", "verify", "--folder", Work, "--", range);

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    private string Work => Path.Combine(_git.Path, "work");

    // Whoever makes up a token, or a task, is found out as well.
    private async Task<ProgramRun> TamperedAsync(string task)
    {
        _git.Sh($"cd work && git commit -q --no-verify --allow-empty -m a --trailer 'AgentCluster-Task: {task}' --trailer 'AgentCluster-Token: 1'");
        _git.Sh("cd work && git commit -q --no-verify --allow-empty -m b --trailer 'AgentCluster-Task: 01JZZZZZZZZZZZZZZZZZZZZZZZ' --trailer 'AgentCluster-Token: 1'");
        return await PbmAsync(4, "git", "verify", "origin/work..work", "--folder", Work);
    }

    private (int Code, string Said) Commit(int code, string message)
    {
        var (ended, said) = _git.Run($"cd work && echo '{message}' >>f && git add -A && git commit -m '{message}'");
        Assert.True(code == 0 == (ended == 0), $"expected exit {code}, found {ended}: {said}");
        return (ended, said);
    }

    private async Task<string> ClaimAsync(string task, string agent) =>
        (await _node.PostAsync($"/api/v1/tasks/{task}/claim/", JsonSerializer.Serialize(new { agent }), Cancellation)).Json.GetProperty("claim").GetProperty("token").GetRawText();

    private async Task<ProgramRun> PbmAsync(int code, params string[] arguments)
    {
        var run = await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, ["--node", _process.Address.ToString(), .. arguments]);
        Assert.True(run.ExitCode == code, $"expected exit {code}, found {run.ExitCode}: {run.Output}{run.Errors}");
        return run;
    }
}
