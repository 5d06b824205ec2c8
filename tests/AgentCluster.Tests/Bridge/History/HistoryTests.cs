using System.Text.Json;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Tests.Bridge.History;

/// <summary>What is told of the past.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: a read that does not wait for the projection.
    [Fact]
    public async Task A_tasks_history_has_everything_that_was_answered_oldest_first()
    {
        var other = await _node.CreateAsync("""{"title":"Other","manual_assignment":true}""");
        var id = await _node.CreateAsync("""{"title":"Parse"}""");
        Assert.Equal(["task_created"], await NamesAsync(id));
        var (_, token) = await _node.ClaimAsync("ada");
        Assert.Equal(["task_created", "task_claimed"], await NamesAsync(id));
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{id}/progress/", $$"""{"token":{{token}},"percent":40,"note":"half"}""")).Is(200);
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"Done."}""")).Is(200);

        var history = (await _node.Bridge.GetAsync($"/api/v1/tasks/{id}/history/")).Is(200).Json;

        Assert.Equal(["task_created", "task_claimed", "task_progressed", "task_completed"], Names(history));
        Assert.Equal(4, history.GetProperty("total").GetInt32());
        Assert.Equal("ada", history.GetProperty("items")[1].GetProperty("data").GetProperty("agent").GetString());
        Assert.Equal(["task_created"], await NamesAsync(other));
        var page = (await _node.Bridge.GetAsync($"/api/v1/tasks/{id}/history?limit=2&offset=1")).Is(200).Json;
        Assert.Equal((4, "task_claimed,task_progressed"), (page.GetProperty("total").GetInt32(), string.Join(',', Names(page))));
    }

    [Fact]
    public async Task An_unknown_task_has_no_history_and_a_history_that_is_behind_says_so()
    {
        (await _node.Bridge.GetAsync("/api/v1/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV/history/")).IsProblem(404, "not_found");
        _node.Faults.FailCalls(StoreCall.Project, int.MaxValue);
        var id = await _node.CreateAsync("""{"title":"Parse"}""");

        Assert.NotNull((await _node.Bridge.GetAsync($"/api/v1/tasks/{id}/history/")).IsProblem(503, "unavailable").RetryAfter);
    }

    [Fact]
    public async Task An_agent_shows_what_it_has_done()
    {
        (await _node.Bridge.PutAsync("/api/v1/agents/ada", """{"name":"Ada"}""")).Is(201);
        var id = await _node.CreateAsync("""{"title":"Parse"}""");
        var (_, token) = await _node.ClaimAsync("ada");
        (await _node.Bridge.PostAsync(
            $"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"Done.","cost":{"actual_tokens":12} }""")).Is(200);
        await NamesAsync(id);

        var statistics = (await _node.Bridge.GetAsync("/api/v1/agents/ada")).Is(200).Json.GetProperty("statistics");

        Assert.Equal((1, 1, 0), (Number(statistics, "claimed"), Number(statistics, "completed"), Number(statistics, "queue_length")));
        Assert.Equal(1, statistics.GetProperty("success_rate").GetDouble());
        Assert.Equal(12, statistics.GetProperty("resource_use").GetProperty("actual_tokens").GetInt32());
        Assert.InRange(statistics.GetProperty("utilization").GetDouble(), 0, 1);
        Assert.InRange(statistics.GetProperty("average_duration_seconds").GetDouble(), 0, 60);
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(told => told.GetProperty("name").GetString());

    private async Task<IEnumerable<string?>> NamesAsync(string id) =>
        Names((await _node.Bridge.GetAsync($"/api/v1/tasks/{id}/history/")).Is(200).Json);
}
