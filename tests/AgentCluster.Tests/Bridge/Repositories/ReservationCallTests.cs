using System.Text.Json;

namespace AgentCluster.Tests.Bridge.Repositories;

/// <summary>Every call on reservations, decisions and conflicts.</summary>
public sealed class ReservationCallTests : IAsyncLifetime
{
    private const string Apollo = "/api/v1/repositories/apollo";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        foreach (var agent in (string[])["agent1", "agent2"])
        {
            (await Bridge.PutAsync($"/api/v1/agents/{agent}", "{}")).Is(201);
        }
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_file_wanted_by_two_is_one_contention_both_hear_of_it_and_the_second_has_it_when_it_is_given_back()
    {
        var made = (await ReserveAsync("agent1", "/test/file.py")).Is(201);
        Assert.Equal($"{Apollo}/reservations/{Text(made.Json, "id")}", made.Location!.ToString());

        var refused = (await ReserveAsync("agent2", "/test/file.py")).IsProblem(409, "reserved").Json;
        Assert.Equal(("agent1", true), (Text(refused, "holder"), refused.GetProperty("queued").GetBoolean()));

        var conflict = Assert.Single((await Bridge.GetAsync("/api/v1/conflicts/?type=resource_contention")).Is(200).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("""{"resource":"test/file.py","type":"file_access""", conflict.GetProperty("context").GetRawText()[.."""{"resource":"test/file.py","type":"file_access""".Length]);
        Assert.Equal(("medium", "resolved"), (Text(conflict, "severity"), Text(conflict, "status")));
        var shown = (await Bridge.GetAsync($"/api/v1/conflicts/{Text(conflict, "id")}")).Is(200).Json;
        Assert.Equal("queue_access", Text(shown.GetProperty("attempts")[0], "strategy"));
        foreach (var agent in (string[])["agent1", "agent2"])
        {
            Assert.Contains("test/file.py", Text(Assert.Single(await InboxAsync(agent)), "text"), StringComparison.Ordinal);
        }

        (await Bridge.DeleteAsync($"{Apollo}/reservations/{Text(made.Json, "id")}")).Is(200);
        Assert.Equal("held", Text((await Bridge.GetAsync($"{Apollo}/reservations/{Text(refused.GetProperty("reservation"), "id")}")).Is(200).Json, "status"));
        Assert.Contains("your turn", Text((await InboxAsync("agent2"))[^1], "text"), StringComparison.Ordinal);
        Assert.Equal(1, (await Bridge.GetAsync($"{Apollo}/reservations/?agent=agent2")).Is(200).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Microservices_and_a_monolith_are_one_disagreement_which_an_architect_decides()
    {
        (await Bridge.PutAsync("/api/v1/agents/archie", """{"roles":["Architect"]}""")).Is(201);
        (await Bridge.PostAsync($"{Apollo}/decisions", """{"agent":"agent1","topic":"architecture","choice":"use_microservices"}""")).Is(201);
        var second = (await Bridge.PostAsync($"{Apollo}/decisions", """{"agent":"agent2","topic":"architecture","choice":"use_monolith","rationale":"We are two."}""")).Is(201);
        var id = Assert.Single(second.Json.GetProperty("conflicts").EnumerateArray()).GetString();

        Assert.Equal(1, (await Bridge.GetAsync("/api/v1/conflicts/?type=technical_disagreement&status=open")).Is(200).Json.GetProperty("total").GetInt32());
        Assert.Contains(id!, Text(Assert.Single(await InboxAsync("archie")), "text"), StringComparison.Ordinal);
        (await Bridge.PostAsync($"/api/v1/conflicts/{id}/resolve", """{"resolution":"use_kubernetes","by":"archie"}""")).IsProblem(400, "invalid");
        var resolved = (await Bridge.PostAsync($"/api/v1/conflicts/{id}/resolve", """{"resolution":"use_monolith","by":"archie"}""")).Is(200).Json;

        Assert.Equal(("resolved", "archie"), (Text(resolved, "status"), Text(resolved, "resolved_by")));
        (await Bridge.PostAsync($"/api/v1/conflicts/{id}/resolve", """{"resolution":"use_monolith","by":"archie"}""")).IsProblem(409, "invalid_transition");
        (await Bridge.GetAsync("/api/v1/conflicts/01KDWYX3000000000000000009")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_reservation_ends_with_the_claim_that_it_is_tied_to_and_a_wrong_token_reserves_nothing()
    {
        var task = Text((await Bridge.PostAsync("/api/v1/tasks/", """{"title":"Parser","priority":"P1"}""")).Is(201).Json, "id");
        var token = (await Bridge.PostAsync($"/api/v1/tasks/{task}/claim/", """{"agent":"agent1"}""")).Is(200).Json.GetProperty("claim").GetProperty("token").GetInt64();
        (await Bridge.PostAsync($"{Apollo}/reservations", $$"""{"agent":"agent1","paths":["src/**"],"task_id":"{{task}}","token":{{token + 1}}}""")).IsProblem(409, "claim_superseded");
        (await Bridge.PostAsync($"{Apollo}/reservations", $$"""{"agent":"agent2","paths":["src/**"],"task_id":"{{task}}","token":{{token}}}""")).IsProblem(409, "claim_superseded");
        (await Bridge.PostAsync($"{Apollo}/reservations", """{"agent":"agent1","paths":["src/**"],"token":1}""")).IsProblem(400, "invalid");
        var held = (await Bridge.PostAsync($"{Apollo}/reservations", $$"""{"agent":"agent1","paths":["src/**"],"task_id":"{{task}}","token":{{token}}}""")).Is(201).Json;
        Assert.Equal("P1", Text(held, "priority"));
        var want = Text((await ReserveAsync("agent2", "src/a.cs")).IsProblem(409, "reserved").Json.GetProperty("reservation"), "id");

        (await Bridge.PostAsync($"/api/v1/tasks/{task}/release/", $$"""{"token":{{token}}}""")).Is(200);

        // The letter is on its way when the release is answered; the next in line hears of it in its mailbox.
        await Bridge.GetAsync("/api/v1/agents/agent2/inbox/?after=1&wait_seconds=20");
        Assert.Equal("held", Text((await Bridge.GetAsync($"{Apollo}/reservations/{want}")).Is(200).Json, "status"));
        (await Bridge.GetAsync($"{Apollo}/reservations/{Text(held, "id")}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Why_says_which_conflict_a_task_is_in()
    {
        var task = Text((await Bridge.PostAsync("/api/v1/tasks/", """{"title":"Parser"}""")).Is(201).Json, "id");
        (await Bridge.PostAsync($"{Apollo}/reservations", $$"""{"agent":"agent1","paths":["a"],"task_id":"{{task}}"}""")).Is(201);
        (await Bridge.PutAsync($"{Apollo}/worktrees/two", """{"agent":"agent2","branch":"two","base":"main"}""")).Is(200);
        (await Bridge.PostAsync($"{Apollo}/worktrees/two/touched", """{"files":["a"]}""")).Is(200);

        var why = (await Bridge.GetAsync($"/api/v1/tasks/{task}/why/?agent=agent1")).Is(200).Json;

        var reason = Assert.Single(why.GetProperty("reasons").EnumerateArray());
        Assert.Equal("conflict", Text(reason, "code"));
        Assert.True(why.GetProperty("claimable").GetBoolean());
        Assert.Equal("escalated", Text((await Bridge.GetAsync($"/api/v1/conflicts/{Text(reason, "conflict_id")}")).Is(200).Json, "status"));
    }

    [Theory]
    [InlineData("""{"agent":"agent1","paths":[]}""")]
    [InlineData("""{"agent":"agent1","paths":["../x"]}""")]
    [InlineData("""{"agent":"agent1","paths":["src/[z-a].cs"]}""")]
    [InlineData("""{"agent":"agent1","paths":["a"],"mode":"both"}""")]
    [InlineData("""{"agent":"agent1","paths":["a"],"ttl_seconds":0}""")]
    public async Task What_cannot_be_reserved_is_refused_by_its_field(string body) =>
        (await Bridge.PostAsync($"{Apollo}/reservations", body)).IsProblem(400, "invalid");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private Task<Heard> ReserveAsync(string agent, string path) =>
        Bridge.PostAsync($"{Apollo}/reservations", $$"""{"agent":"{{agent}}","paths":["{{path}}"],"mode":"exclusive","ttl_seconds":600}""");

    private async Task<List<JsonElement>> InboxAsync(string agent) =>
        [.. (await Bridge.GetAsync($"/api/v1/agents/{agent}/inbox/?after=0&wait_seconds=20")).Is(200).Json.GetProperty("items").EnumerateArray()];
}
