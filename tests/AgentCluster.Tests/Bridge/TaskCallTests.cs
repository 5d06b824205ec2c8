using System.Text.Json;

namespace AgentCluster.Tests.Bridge;

/// <summary>Every call on tasks, as the outside contract says it, against the real actors.</summary>
public sealed class TaskCallTests : IAsyncLifetime
{
    private const string Unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_created_task_shows_all_that_was_said_and_is_found_at_its_location()
    {
        var created = (await Bridge.PostAsync("/api/v1/tasks/", """
            {"project":"p","title":"Write the parser","description":"All of it","type":"feature","tags":["a","b"],"priority":"P1-HIGH",
             "acceptance_criteria":["it parses"],"required_capabilities":["csharp"],"files":["src/**"],"requirements":{"x":[1,{"y":"ü"}]},
             "manual_assignment":true,"reviewer":"grace","required_evidence":["files"],"max_attempts":5,"deadline":"2030-01-31T13:00:00+01:00",
             "metadata":{"any":{"thing":null}},"references":["#12"],"estimated_cost":{"actual_tokens":7},"workflow_slug":"w","execution_id":"e"}
            """)).Is(201);
        var id = created.Json.GetProperty("id").GetString()!;

        Assert.Equal($"/api/v1/tasks/{id}/", created.Location!.ToString());
        var shown = (await Bridge.GetAsync(created.Location.ToString())).Is(200);
        Assert.Equal(created.Text, shown.Text);
        var task = shown.Json;
        Assert.Equal("pending", task.GetProperty("status").GetString());
        Assert.Equal("AVAILABLE", task.GetProperty("display_status").GetString());
        Assert.Equal("P1", task.GetProperty("priority").GetString());
        Assert.Equal(0, task.GetProperty("attempt").GetInt32());
        Assert.Equal(JsonValueKind.Null, task.GetProperty("claim").ValueKind);
        Assert.Equal("2030-01-31T12:00:00Z", task.GetProperty("deadline").GetString());
        Assert.Equal("""{"x":[1,{"y":"ü"}]}""", task.GetProperty("requirements").GetRawText());
        Assert.Equal("""{"any":{"thing":null}}""", task.GetProperty("metadata").GetRawText());
        Assert.Equal("All of it", task.GetProperty("description").GetString());
        Assert.Equal("grace", task.GetProperty("reviewer").GetString());
        Assert.Equal(5, task.GetProperty("max_attempts").GetInt32());
        Assert.True(task.GetProperty("manual_assignment").GetBoolean());
        foreach (var name in (string[])["epic_id", "depends_on", "cost", "version", "created_at", "updated_at"])
        {
            Assert.True(task.TryGetProperty(name, out _), name);
        }
    }

    [Fact]
    public async Task A_claim_is_held_progressed_and_completed()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        var (claimed, token) = await _node.ClaimAsync("ada");
        Assert.Equal(id, claimed);

        var progress = (await Bridge.PostAsync($"/api/v1/tasks/{id}/progress/", $$$"""{"token":{{{token}}},"percent":40,"note":"half","cost":{"actual_tokens":5}}""")).Is(200);
        Assert.False(progress.Json.GetProperty("cancel_requested").GetBoolean());
        Assert.True(progress.Json.GetProperty("lease_expires_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        var held = (await Bridge.GetAsync($"/api/v1/tasks/{id}/")).Is(200).Json;
        Assert.Equal(("running", "ada", 40, "half"), (
            held.GetProperty("status").GetString(),
            held.GetProperty("claim").GetProperty("agent").GetString(),
            held.GetProperty("percent").GetInt32(),
            held.GetProperty("notes")[0].GetProperty("text").GetString()));

        var done = (await Bridge.PostAsync(
            $"/api/v1/tasks/{id}/complete/",
            $$$"""{"token":{{{token}}},"result_summary":"done","evidence":{"files":["a.cs"],"duration_ms":5},"criteria":[{"index":0,"met":true,"note":"n"}],"cost":{"actual_tokens":2,"actual_usd":0.25}}""")).Is(200).Json;
        Assert.Equal(("completed", "COMPLETED", "done", 7L, 0.25m), (
            done.GetProperty("status").GetString(),
            done.GetProperty("display_status").GetString(),
            done.GetProperty("result_summary").GetString(),
            done.GetProperty("cost").GetProperty("actual_tokens").GetInt64(),
            done.GetProperty("cost").GetProperty("actual_usd").GetDecimal()));
        Assert.Equal(JsonValueKind.Null, done.GetProperty("claim").ValueKind);
        Assert.Equal("a.cs", done.GetProperty("evidence").GetProperty("files")[0].GetString());
    }

    [Fact]
    public async Task Completing_can_claim_the_next_and_says_when_there_is_none()
    {
        await _node.CreateAsync("""{"title":"first","priority":"P0"}""");
        var second = await _node.CreateAsync("""{"title":"second"}""");
        var (id, token) = await _node.ClaimAsync("ada");

        var both = (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$$"""{"token":{{{token}}},"result_summary":"s","claim_next":{"project":"default"}}""")).Is(200).Json;
        Assert.Equal("completed", both.GetProperty("task").GetProperty("status").GetString());
        Assert.Equal(second, both.GetProperty("next").GetProperty("task").GetProperty("id").GetString());
        var next = both.GetProperty("next").GetProperty("claim");
        Assert.Equal("ada", next.GetProperty("agent").GetString());

        var last = (await Bridge.PostAsync($"/api/v1/tasks/{second}/complete", $$$"""{"token":{{{next.GetProperty("token").GetInt64()}}},"result_summary":"s","claim_next":{}}""")).Is(200).Json;
        Assert.Equal(JsonValueKind.Null, last.GetProperty("next").ValueKind);
        Assert.Equal(204, (await Bridge.PostAsync("/api/v1/tasks/claim", """{"agent":"ada"}""")).Status);
    }

    [Fact]
    public async Task Another_project_cannot_be_claimed_from_in_the_same_turn()
    {
        await _node.CreateAsync("""{"title":"t"}""");
        var (id, token) = await _node.ClaimAsync("ada");

        (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$$"""{"token":{{{token}}},"result_summary":"s","claim_next":{"project":"other"}}""")).IsProblem(400, "invalid");
        Assert.Equal("running", (await Bridge.GetAsync($"/api/v1/tasks/{id}")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_held_task_is_refused_with_its_holder()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/claim/", """{"agent":"ada"}""")).Is(200);

        var refused = (await Bridge.PostAsync($"/api/v1/tasks/{id}/claim", """{"agent":"bob"}""")).IsProblem(409, "already_claimed");

        Assert.Equal("ada", refused.Json.GetProperty("holder").GetString());
        Assert.True(refused.Json.GetProperty("lease_expires_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_blocked_task_is_refused_with_its_reasons()
    {
        var batch = (await Bridge.PostAsync("/api/v1/tasks/batch/", """{"tasks":[{"ref":"a","title":"a"},{"title":"b","depends_on":["ref:a"]}]}""")).Is(201);
        var (first, second) = (batch.Json.GetProperty("items")[0].GetProperty("id").GetString(), batch.Json.GetProperty("items")[1].GetProperty("id").GetString());

        var refused = (await Bridge.PostAsync($"/api/v1/tasks/{second}/claim/", """{"agent":"bob"}""")).IsProblem(409, "not_ready");

        var reason = refused.Json.GetProperty("reasons")[0];
        Assert.Equal(("dependency_open", first), (reason.GetProperty("code").GetString(), reason.GetProperty("task_id").GetString()));
        Assert.Equal("blocked", (await Bridge.GetAsync($"/api/v1/tasks/{second}/")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_cycle_is_refused_and_named_and_nothing_of_the_batch_is_there()
    {
        var refused = (await Bridge.PostAsync(
            "/api/v1/tasks/batch/", """{"tasks":[{"ref":"a","title":"a","depends_on":["ref:b"]},{"ref":"b","title":"b","depends_on":["ref:a"]}]}""")).IsProblem(409, "dependency_cycle");

        Assert.Equal(2, refused.Json.GetProperty("cycle").GetArrayLength());
        Assert.Equal(0, (await Bridge.GetAsync("/api/v1/tasks/")).Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("""{"tasks":[{"title":"a","depends_on":["ref:nobody"]}]}""", "tasks[0].depends_on")]
    [InlineData("""{"tasks":[{"title":"a","ref":"x"},{"title":"b","ref":"x"}]}""", "tasks[1].ref")]
    [InlineData("""{"tasks":[]}""", "tasks")]
    [InlineData("""{"tasks":[{"title":""}]}""", "tasks[0].title")]
    [InlineData("""{"tasks":[{"title":"a","project":"x"},{"title":"b"}]}""", "tasks")]
    [InlineData("""{"project":"x","tasks":[{"title":"a","project":"y"}]}""", "tasks")]
    public async Task A_batch_that_cannot_be_names_the_field(string body, string field)
    {
        var refused = (await Bridge.PostAsync("/api/v1/tasks/batch/", body)).IsProblem(400, "invalid");

        Assert.True(refused.Json.GetProperty("errors").TryGetProperty(field, out _), refused.Text);
    }

    [Fact]
    public async Task A_batch_may_name_its_project_once()
    {
        (await Bridge.PostAsync("/api/v1/tasks/batch", """{"project":"x","tasks":[{"title":"a"},{"title":"b","project":"x"}]}""")).Is(201);
        (await Bridge.PostAsync("/api/v1/tasks/batch", """{"tasks":[{"title":"a","project":"x"}]}""")).Is(201);

        Assert.Equal(3, (await Bridge.GetAsync("/api/v1/tasks?project=x")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_dependency_on_nothing_is_refused() =>
        (await Bridge.PostAsync("/api/v1/tasks/", $$"""{"title":"t","depends_on":["{{Unknown}}"]}""")).IsProblem(400, "invalid");

    [Theory]
    [InlineData("progress", "{}")]
    [InlineData("complete", """{"result_summary":"s"}""")]
    [InlineData("fail", """{"reason":"r"}""")]
    [InlineData("release", "{}")]
    public async Task A_superseded_token_is_refused_and_told_the_current_one(string call, string rest)
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        var (_, old) = await _node.ClaimAsync("ada");
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/release/", $$"""{"token":{{old}},"reason":"lunch"}""")).Is(200);
        var (_, current) = await _node.ClaimAsync("bob");
        Assert.True(current > old);

        var refused = (await Bridge.PostAsync($"/api/v1/tasks/{id}/{call}/", rest == "{}" ? $$"""{"token":{{old}}}""" : $$"""{"token":{{old}},{{rest[1..]}}""")).IsProblem(409, "claim_superseded");

        Assert.Equal(("bob", current), (refused.Json.GetProperty("holder").GetString(), refused.Json.GetProperty("current_token").GetInt64()));
    }

    [Fact]
    public async Task A_failure_is_tried_again_unless_it_may_not_be()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        var (_, first) = await _node.ClaimAsync("ada");
        var again = (await Bridge.PostAsync($"/api/v1/tasks/{id}/fail/", $$"""{"token":{{first}},"reason":"broken"}""")).Is(200).Json;
        Assert.Equal(("pending", 1, "broken"), (again.GetProperty("status").GetString(), again.GetProperty("attempt").GetInt32(), again.GetProperty("reason").GetString()));

        var (_, second) = await _node.ClaimAsync("ada");
        var failed = (await Bridge.PostAsync($"/api/v1/tasks/{id}/fail/", $$"""{"token":{{second}},"reason":"for good","retryable":false}""")).Is(200).Json;
        Assert.Equal("failed", failed.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_cancelled_holder_hears_it_at_its_next_progress_and_can_end_nothing()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        var (_, token) = await _node.ClaimAsync("ada");
        Assert.Equal("cancelled", (await Bridge.PostAsync($"/api/v1/tasks/{id}/cancel/", "{}")).Is(200).Json.GetProperty("status").GetString());

        Assert.True((await Bridge.PostAsync($"/api/v1/tasks/{id}/progress/", $$"""{"token":{{token}}}""")).Is(200).Json.GetProperty("cancel_requested").GetBoolean());
        Assert.Equal(409, (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"s"}""")).Status);
        Assert.Equal(409, (await Bridge.PostAsync($"/api/v1/tasks/{id}/fail/", $$"""{"token":{{token}},"reason":"r"}""")).Status);
    }

    [Fact]
    public async Task Cancelling_needs_no_body_at_all()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");

        (await Bridge.SendAsync(new(HttpMethod.Post, $"/api/v1/tasks/{id}/cancel/"))).Is(200);
    }

    [Theory]
    [InlineData("GET", "", null)]
    [InlineData("POST", "/claim", """{"agent":"ada"}""")]
    [InlineData("POST", "/progress", """{"token":1}""")]
    [InlineData("POST", "/complete", """{"token":1,"result_summary":"s"}""")]
    [InlineData("POST", "/fail", """{"token":1,"reason":"r"}""")]
    [InlineData("POST", "/release", """{"token":1}""")]
    [InlineData("POST", "/cancel", "{}")]
    public async Task An_unknown_task_is_not_found(string method, string call, string? body)
    {
        foreach (var slash in (string[])["", "/"])
        {
            (await Bridge.SendAsync(BridgeUnderTest.Request(new(method), $"/api/v1/tasks/{Unknown}{call}{slash}", body))).IsProblem(404, "not_found");
        }
    }

    [Fact]
    public async Task Lists_are_filtered_paged_and_counted()
    {
        for (var i = 0; i < 5; i++)
        {
            await _node.CreateAsync($$"""{"project":"p","title":"Task {{i}}","priority":"P{{i}}","tags":["t{{i % 2}}"]}""");
        }

        await _node.CreateAsync("""{"project":"q","title":"Other"}""");
        var (held, _) = await _node.ClaimAsync("ada", "p");

        async Task<(int Items, int Total)> List(string query)
        {
            var json = (await Bridge.GetAsync("/api/v1/tasks/" + query)).Is(200).Json;
            return (json.GetProperty("items").GetArrayLength(), json.GetProperty("total").GetInt32());
        }

        Assert.Equal((6, 6), await List(""));
        Assert.Equal((5, 5), await List("?project=p"));
        Assert.Equal((2, 5), await List("?project=p&limit=2&offset=1"));
        Assert.Equal((0, 5), await List("?project=p&offset=100"));
        Assert.Equal((1, 1), await List("?status=running"));
        Assert.Equal((1, 1), await List("?status=IN_PROGRESS"));
        Assert.Equal((5, 5), await List("?status=AVAILABLE"));
        Assert.Equal((1, 1), await List("?assignee=ada"));
        Assert.Equal((2, 2), await List("?priority=P2"));
        Assert.Equal((3, 3), await List("?tags=t0"));
        Assert.Equal((0, 0), await List("?tags=t0,t1"));
        Assert.Equal((5, 5), await List("?text=tAsK"));
        Assert.NotEqual("", held);
    }

    [Fact]
    public async Task Available_tasks_come_best_first_and_only_those_that_the_agent_can_do()
    {
        await _node.CreateAsync("""{"title":"low","priority":"P3"}""");
        await _node.CreateAsync("""{"title":"needs rust","priority":"P0","required_capabilities":["rust"]}""");
        await _node.CreateAsync("""{"title":"high","priority":"P1"}""");
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"capabilities":["csharp"]}""")).Is(201);

        async Task<string[]> Titles(string query) =>
            [.. (await Bridge.GetAsync("/api/v1/tasks/available/" + query)).Is(200).Json.GetProperty("items").EnumerateArray().Select(task => task.GetProperty("title").GetString()!)];

        Assert.Equal((string[])["needs rust", "high", "low"], await Titles(""));
        Assert.Equal((string[])["high", "low"], await Titles("?agent=ada"));
        Assert.Equal((string[])["low"], await Titles("?agent=ada&limit=1&offset=1"));
        Assert.Empty(await Titles("?project=empty"));
    }

    [Fact]
    public async Task An_agent_claims_no_more_than_its_registration_allows()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"max_concurrent":1}""")).Is(201);
        var first = await _node.CreateAsync("""{"title":"a"}""");
        var second = await _node.CreateAsync("""{"title":"b"}""");
        (await Bridge.PostAsync($"/api/v1/tasks/{first}/claim/", """{"agent":"ada"}""")).Is(200);

        (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""")).Is(204);
        var refused = (await Bridge.PostAsync($"/api/v1/tasks/{second}/claim/", """{"agent":"ada"}""")).IsProblem(409, "not_ready");
        Assert.Equal("max_concurrent", refused.Json.GetProperty("reasons")[0].GetProperty("code").GetString());
    }
}
