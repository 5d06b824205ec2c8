using System.Text.Json;

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

    private async Task<decimal> AvailableAsync(string resource) =>
        (await Bridge.GetAsync("/api/v1/resources/")).Is(200).Json.GetProperty("items").EnumerateArray()
            .Single(pool => Text(pool, "name") == resource).GetProperty("available").GetDecimal();
}
