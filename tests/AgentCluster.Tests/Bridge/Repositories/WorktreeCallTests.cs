namespace AgentCluster.Tests.Bridge.Repositories;

/// <summary>Every call on worktrees and the forecast.</summary>
public sealed class WorktreeCallTests : IAsyncLifetime
{
    private const string Worktrees = "/api/v1/repositories/apollo/worktrees";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_worktree_is_made_known_touched_listed_and_forgotten()
    {
        (await Bridge.PutAsync($"{Worktrees}/parser", """{"agent":"ada","path":"/work/parser","branch":"feature/parser","base":"main"}""")).Is(200);
        (await Bridge.PostAsync($"{Worktrees}/parser/touched", """{"files":["/src/a.cs","src//b.cs"]}""")).Is(200);

        var listed = (await Bridge.GetAsync(Worktrees)).Is(200).Json;
        Assert.Equal(1, listed.GetProperty("total").GetInt32());
        Assert.Equal(["src/a.cs", "src/b.cs"], listed.GetProperty("items")[0].GetProperty("touched").EnumerateArray().Select(touch => touch.GetProperty("path").GetString()));
        Assert.Equal(0, (await Bridge.GetAsync("/api/v1/repositories/apollo/forecast/")).Is(200).Json.GetProperty("pairs").GetArrayLength());
        (await Bridge.DeleteAsync($"{Worktrees}/parser")).Is(200);
        (await Bridge.DeleteAsync($"{Worktrees}/parser")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Another_agents_worktree_and_a_path_that_leads_out_are_refused()
    {
        (await Bridge.PutAsync($"{Worktrees}/parser", """{"agent":"ada","branch":"feature/parser","base":"main"}""")).Is(200);

        var taken = (await Bridge.PutAsync($"{Worktrees}/parser", """{"agent":"grace","branch":"feature/parser","base":"main"}""")).IsProblem(409, "worktree_taken");
        Assert.Equal("ada", taken.Json.GetProperty("agent").GetString());
        (await Bridge.PostAsync($"{Worktrees}/parser/touched", """{"files":["../../etc/passwd"]}""")).IsProblem(400, "invalid");
        (await Bridge.PutAsync($"{Worktrees}/x", """{"agent":"ada","branch":"--upload-pack=x","base":"main"}""")).IsProblem(400, "invalid");
    }
}
