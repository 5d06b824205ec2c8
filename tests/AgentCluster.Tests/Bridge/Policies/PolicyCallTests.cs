using System.Text.Json;

namespace AgentCluster.Tests.Bridge.Policies;

/// <summary>Every call on policies, and what they keep.</summary>
public sealed class PolicyCallTests : IAsyncLifetime
{
    private const string Policies = "/api/v1/policies/";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"capabilities":["sql"]}""")).Is(201);
        (await Bridge.PutAsync("/api/v1/agents/grace", """{"capabilities":["ui"]}""")).Is(201);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task There_are_no_limits_at_first_and_those_that_are_set_take_the_place_of_all_before()
    {
        Assert.Equal("""{"max_concurrent_agents":null,"resource_limit":{},"wip":{}}""", (await Bridge.GetAsync(Policies)).Is(200).Text);
        (await Bridge.PutAsync(Policies, """{"max_concurrent_agents":3,"wip":{"default":2}}""")).Is(200);
        var set = (await Bridge.PutAsync(Policies, """{"max_concurrent_agents":2,"resource_limit":{"cpu":4.5,"memory":8}}""")).Is(200).Text;

        Assert.Equal("""{"max_concurrent_agents":2,"resource_limit":{"cpu":4.5,"memory":8},"wip":{}}""", set);
        Assert.Equal(set, (await Bridge.GetAsync(Policies)).Is(200).Text);
    }

    [Fact]
    public async Task A_check_says_all_that_goes_too_far_not_the_first_of_it_and_does_nothing()
    {
        (await Bridge.PutAsync(Policies, """{"max_concurrent_agents":1,"resource_limit":{"cpu":4},"wip":{"default":1}}""")).Is(200);
        var open = await _node.CreateAsync("""{"title":"Lexer"}""");
        await _node.ClaimAsync("grace");
        var task = await _node.CreateAsync($$"""{"title":"Parser","depends_on":["{{open}}"],"required_capabilities":["sql","rust"]}""");
        (await Bridge.PostAsync("/api/v1/resources/allocations/", """{"agent":"ada","amounts":{"cpu":2}}""")).Is(201);

        var violations = (await Bridge.PostAsync(Policies + "check/", $$"""{"agents":["ada"],"task_id":"{{task}}","amounts":{"cpu":2.5,"memory":65} }""")).Is(200).Json.GetProperty("violations");

        Assert.Equal(
            ["max_agents_exceeded", "insufficient_capabilities", "resource_limit_exceeded", "resource_limit_exceeded", "dependency_violation", "wip_limit_exceeded"],
            violations.EnumerateArray().Select(each => Text(each, "code")));
        Assert.Equal((1, 2), (violations[0].GetProperty("limit").GetInt32(), violations[0].GetProperty("found").GetInt32()));
        Assert.Equal(["rust"], violations[1].GetProperty("missing").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal((4, 4.5m), (violations[2].GetProperty("limit").GetDecimal(), violations[2].GetProperty("found").GetDecimal()));
        Assert.Equal((open, "running"), (Text(violations[4], "task_id"), Text(violations[4], "status")));
        Assert.Equal("default", Text(violations[5], "project"));
        (await Bridge.PostAsync(Policies + "check/", """{"task_id":"01KDWYX3000000000000000009"}""")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task What_goes_not_too_far_has_no_violations_and_nobody_in_particular_can_what_anybody_can()
    {
        Assert.Empty(await CheckAsync("{}"));
        Assert.Empty(await CheckAsync("""{"required_capabilities":["sql","ui"],"amounts":{"cpu":100}}"""));
        Assert.Equal(["insufficient_capabilities"], await CheckAsync("""{"agents":["ada","nobody"],"required_capabilities":["sql","ui"]}"""));
        Assert.Equal(["dependency_violation"], await CheckAsync("""{"depends_on":["01KDWYX3000000000000000009"]}"""));
        Assert.Equal(["resource_limit_exceeded"], await CheckAsync("""{"amounts":{"cpu":100.5}}"""));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_limits_of_one_agent_and_of_a_project_are_kept_where_something_is_given()
    {
        (await Bridge.PutAsync(Policies, """{"resource_limit":{"cpu":4},"wip":{"default":0}}""")).Is(200);
        var task = await _node.CreateAsync("""{"title":"Lexer"}""");

        // The letters are on their way when the limits are answered.
        Heard heard;
        while ((heard = await Bridge.PostAsync("/api/v1/resources/allocations/", """{"agent":"ada","amounts":{"cpu":4.5}}""")).Status == 201)
        {
            (await Bridge.DeleteAsync("/api/v1/resources/allocations/" + Text(heard.Json, "id"))).Is(200);
        }

        var over = heard.IsProblem(409, "resource_limit_exceeded").Json;
        Assert.Equal(("cpu", 4, 4.5m), (Text(over, "resource"), over.GetProperty("limit").GetDecimal(), over.GetProperty("found").GetDecimal()));
        while ((heard = await Bridge.PostAsync($"/api/v1/tasks/{task}/claim/", """{"agent":"ada"}""")).Status == 200)
        {
            var token = heard.Json.GetProperty("claim").GetProperty("token").GetInt64();
            (await Bridge.PostAsync($"/api/v1/tasks/{task}/release/", $$"""{"token":{{token}}}""")).Is(200);
        }

        Assert.Equal("policy", Text(heard.IsProblem(409, "not_ready").Json.GetProperty("reasons")[0], "code"));
        (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""")).Is(204);
        Assert.Equal("policy", Text((await Bridge.GetAsync($"/api/v1/tasks/{task}/why/")).Is(200).Json.GetProperty("reasons")[0], "code"));
    }

    [Theory]
    [InlineData("""{"max_concurrent_agents":-1}""", "max_concurrent_agents")]
    [InlineData("""{"resource_limit":{"cpu":"x"}}""", "resource_limit.cpu")]
    [InlineData("""{"wip":{"default":1.5}}""", "wip.default")]
    [InlineData("""{"wip":{"default":1000001}}""", "wip.default")]
    [InlineData("""{"wip":5}""", "wip")]
    public async Task What_is_no_limit_is_refused_by_its_field(string body, string field) =>
        Assert.Equal([field], (await Bridge.PutAsync(Policies, body)).IsProblem(400, "invalid").Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<IEnumerable<string>> CheckAsync(string body) =>
        (await Bridge.PostAsync(Policies + "check/", body)).Is(200).Json.GetProperty("violations").EnumerateArray().Select(each => Text(each, "code"));
}
