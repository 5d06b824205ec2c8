using System.Text.Json;
using AgentCluster.Domain;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Tests.Bridge.Live;

namespace AgentCluster.Tests.Bridge.Resources;

/// <summary>Every call on resources.</summary>
public sealed class AllocationCallTests : IAsyncLifetime
{
    private const string Allocations = "/api/v1/resources/allocations/";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task What_is_allocated_is_taken_from_the_pools_shown_in_the_history_and_back_after_its_release()
    {
        var made = (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"memory":1.5,"git_worktrees":2},"ttl_seconds":60}""")).Is(201);
        var id = Text(made.Json, "id");
        Assert.Equal($"/api/v1/resources/allocations/{id}", made.Location!.ToString());
        Assert.Equal("""{"git_worktrees":2,"memory":1.5}""", made.Json.GetProperty("amounts").GetRawText());
        Assert.Equal((18, 62.5m), (await AvailableAsync("git_worktrees"), await AvailableAsync("memory")));

        var renewed = (await Bridge.PostAsync($"{Allocations}{id}/renew/", """{"ttl_seconds":120}""")).Is(200).Json;
        Assert.Equal(("active", 120), (Text(renewed, "status"), renewed.GetProperty("ttl_seconds").GetInt32()));
        Assert.Equal("released", Text((await Bridge.DeleteAsync(Allocations + id)).Is(200).Json, "ended_because"));
        Assert.Equal((20, 64), (await AvailableAsync("git_worktrees"), await AvailableAsync("memory")));

        (await Bridge.DeleteAsync(Allocations + id)).IsProblem(404, "not_found");
        (await Bridge.PostAsync($"{Allocations}{id}/renew/", "{}")).IsProblem(404, "not_found");
        Assert.Equal("ended", Text((await Bridge.GetAsync(Allocations + id)).Is(200).Json, "status"));
        Assert.Equal(1, (await Bridge.GetAsync(Allocations + "?agent=ada&status=ended")).Is(200).Json.GetProperty("total").GetInt32());
        Assert.Equal(0, (await Bridge.GetAsync(Allocations + "?agent=ada&status=active")).Is(200).Json.GetProperty("total").GetInt32());
        (await Bridge.GetAsync(Allocations + "01KDWYX3000000000000000009")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Too_much_is_refused_with_what_was_required_and_what_is_available_and_nothing_is_taken()
    {
        (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":99.5}}""")).Is(201);

        var refused = (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1,"memory":2}}""")).IsProblem(409, "insufficient_resources").Json;

        Assert.Equal("Insufficient resources available: cpu: 1 required, 0.5 of 100 cores available.", Text(refused, "detail"));
        Assert.Equal("""{"cpu":1,"memory":2}""", refused.GetProperty("required").GetRawText());
        Assert.Equal("""{"cpu":0.5,"memory":64}""", refused.GetProperty("available").GetRawText());
        Assert.Equal(64, await AvailableAsync("memory"));
    }

    [Fact]
    public async Task A_repeat_under_the_same_key_is_the_same_allocation()
    {
        var first = (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1}}""", ("Idempotency-Key", "one"))).Is(201);
        var again = (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1}}""", ("Idempotency-Key", "one"))).Is(201);

        Assert.Equal((Text(first.Json, "id"), first.Location), (Text(again.Json, "id"), again.Location));
        Assert.Equal(99, await AvailableAsync("cpu"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_given_for_a_task_ends_with_its_claim_and_a_task_that_has_ended_gets_nothing()
    {
        var task = await _node.CreateAsync("""{"title":"Parser"}""");
        var (_, token) = await _node.ClaimAsync("ada");
        var given = (await Bridge.PostAsync(Allocations, $$"""{"agent":"ada","amounts":{"git_worktrees":20},"task_id":"{{task}}"}""")).Is(201).Json;
        Assert.Equal((task, token), (Text(given, "task_id"), given.GetProperty("token").GetInt64()));

        (await Bridge.PostAsync($"/api/v1/tasks/{task}/complete/", $$"""{"token":{{token}},"result_summary":"Done."}""")).Is(200);

        await WaitAsync("git_worktrees", 20);
        Assert.Equal("task_ended", Text((await Bridge.GetAsync(Allocations + Text(given, "id"))).Is(200).Json, "ended_because"));
        (await Bridge.PostAsync(Allocations, $$"""{"agent":"ada","amounts":{"cpu":1},"task_id":"{{task}}"}""")).IsProblem(409, "invalid_transition");
        (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1},"task_id":"01KDWYX3000000000000000009"}""")).IsProblem(404, "not_found");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_agent_has_is_free_when_it_is_deregistered()
    {
        (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":100}}""")).Is(201);

        (await Bridge.DeleteAsync("/api/v1/agents/ada")).Is(204);

        await WaitAsync("cpu", 100);
    }

    // Broken on purpose: asked again with whoever was named, without a look at who holds a claim.
    [Fact]
    public async Task Before_a_refusal_what_agents_without_a_claim_have_is_offered_once_under_the_same_key()
    {
        await _node.CreateAsync("""{"title":"Parser"}""");
        await _node.ClaimAsync("ada");
        var actors = new ScriptedActors
        {
            Answer = (_, command) => command is PoolCommand.Allocate { Idle.IsEmpty: false } second
                ? new AllocateReply.Given(second.Asked)
                : new AllocateReply.Insufficient([new(new("cpu", 100, "cores"), 1, 0)], [new("ada"), new("idle")]),
        };
        await using var bridge = await BridgeUnderTest.StartAsync(actors, new NoNode(), _node.Store);

        (await bridge.PostAsync(Allocations, """{"agent":"grace","amounts":{"cpu":1}}""", ("Idempotency-Key", "one"))).Is(201);

        var asked = actors.Asked.Where(each => each.Command is PoolCommand.Allocate).ToList();
        Assert.Equal([[], [new AgentId("idle")]], asked.Select(each => ((PoolCommand.Allocate)each.Command).Idle));
        Assert.Equal(asked[0].Id, asked[1].Id);
        Assert.NotNull(asked[0].Id);
        Assert.Equal(((PoolCommand.Allocate)asked[0].Command).Asked, ((PoolCommand.Allocate)asked[1].Command).Asked);
    }

    [Fact]
    public async Task A_resource_is_declared_and_changed_and_its_unit_stays()
    {
        (await Bridge.PutAsync("/api/v1/resources/pools/gpu/", """{"total":2,"unit":"cards"}""")).Is(201);
        var changed = (await Bridge.PutAsync("/api/v1/resources/pools/gpu/", """{"total":3}""")).Is(200).Json;

        Assert.Equal("""{"name":"gpu","total":3,"allocated":0,"available":3,"unit":"cards"}""", changed.GetRawText());
        Assert.Equal(3, await AvailableAsync("gpu"));
        (await Bridge.PutAsync("/api/v1/resources/pools/gpu/", "{}")).IsProblem(400, "invalid");
        (await Bridge.PutAsync("/api/v1/resources/pools/gpu/", """{"total":0.0001}""")).IsProblem(400, "invalid");
    }

    [Fact]
    public async Task Another_agents_allocation_is_not_given_back_by_its_handle()
    {
        var handle = Text((await Bridge.PutAsync("/api/v1/agents/grace", "{}")).Is(201).Json, "handle");
        var id = Text((await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1}}""")).Is(201).Json, "id");

        (await Bridge.DeleteAsync(Allocations + id, ("Authorization", "Bearer " + handle))).IsProblem(403, "forbidden");
        (await Bridge.PostAsync(Allocations, """{"agent":"ada","amounts":{"cpu":1}}""", ("Authorization", "Bearer " + handle))).IsProblem(403, "forbidden");
        (await Bridge.PostAsync(Allocations, """{"amounts":{"cpu":1}}""", ("Authorization", "Bearer " + handle))).Is(201);
    }

    [Theory]
    [InlineData("""{"agent":"ada"}""", "amounts")]
    [InlineData("""{"agent":"ada","amounts":{}}""", "amounts")]
    [InlineData("""{"agent":"ada","amounts":[1]}""", "amounts")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":0}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":-1}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":"1"}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":null}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":{"x":[1]},"gpu":1}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":0.0001}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":1e300}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":1,"cpu":1}}""", "amounts.cpu")]
    [InlineData("""{"agent":"ada","amounts":{"gpu":1}}""", "amounts.gpu")]
    [InlineData("""{"agent":"ada","amounts":{"":1}}""", "amounts.?")]
    [InlineData("""{"agent":"ada","amounts":{"cpu":1},"ttl_seconds":0}""", "ttl_seconds")]
    [InlineData("""{"amounts":{"cpu":1}}""", "agent")]
    public async Task What_cannot_be_allocated_is_refused_by_its_field(string body, string field) =>
        Assert.Equal([field], (await Bridge.PostAsync(Allocations, body)).IsProblem(400, "invalid").Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Waits until the letter has come, by the event of what it frees.</summary>
    private async Task WaitAsync(string resource, decimal available)
    {
        using var events = await EventReader.OpenAsync(Bridge, "?after=0");
        while (await AvailableAsync(resource) != available)
        {
            Assert.NotNull(await events.NextAsync());
        }
    }

    private async Task<decimal> AvailableAsync(string resource) =>
        (await Bridge.GetAsync("/api/v1/resources/")).Is(200).Json.GetProperty("items").EnumerateArray()
            .Single(pool => Text(pool, "name") == resource).GetProperty("available").GetDecimal();
}
