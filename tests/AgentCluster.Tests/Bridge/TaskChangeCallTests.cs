using System.Text.Json;

namespace AgentCluster.Tests.Bridge;

/// <summary>Changes of tasks by people and reviewers, as the outside contract says them, against the real actors.</summary>
public sealed class TaskChangeCallTests : IAsyncLifetime
{
    private const string Unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_task_is_changed_field_by_field_and_null_empties_a_field()
    {
        var id = await _node.CreateAsync("""{"title":"t","description":"d","tags":["a"],"deadline":"2030-01-01T00:00:00Z","reviewer":"grace","metadata":{"a":1}}""");

        var changed = (await PatchAsync(id, """{"title":"Fix group/app#7","description":null,"tags":["b"],"priority":"P0-CRITICAL","deadline":null,"reviewer":null,"files":null,"note":"as discussed"}""")).Is(200).Json;

        Assert.Equal(("Fix group/app#7", "P0", 2), (changed.GetProperty("title").GetString(), changed.GetProperty("priority").GetString(), changed.GetProperty("version").GetInt32()));
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("description").ValueKind);
        Assert.False(changed.TryGetProperty("deadline", out _) || changed.TryGetProperty("reviewer", out _));
        Assert.Equal(("b", "group/app#7", "as discussed", 1), (changed.GetProperty("tags")[0].GetString(), changed.GetProperty("references")[0].GetString(), changed.GetProperty("notes")[0].GetProperty("text").GetString(), changed.GetProperty("metadata").GetProperty("a").GetInt32()));
        Assert.Equal(changed.GetRawText(), (await Bridge.GetAsync($"/api/v1/tasks/{id}")).Text);
        Assert.Equal(2, (await PatchAsync(id, "{}")).Is(200).Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_change_at_a_version_that_is_over_is_refused_and_changes_nothing()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        Task<Heard> At(string tag, string title) => Bridge.SendAsync(BridgeUnderTest.Request(
            HttpMethod.Patch, $"/api/v1/tasks/{id}", $$"""{"title":"{{title}}"}""", ("If-Match", tag)));

        (await At("\"1\"", "a")).Is(200);
        (await At("\"1\"", "b")).IsProblem(412, "version_mismatch");

        Assert.Equal("a", (await Bridge.GetAsync($"/api/v1/tasks/{id}")).Json.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_dependency_that_closes_a_cycle_is_refused_and_named()
    {
        var first = await _node.CreateAsync("""{"title":"a"}""");
        var second = await _node.CreateAsync($$"""{"title":"b","depends_on":["{{first}}"]}""");

        var refused = (await PatchAsync(first, $$"""{"depends_on":["{{second}}"]}""")).IsProblem(409, "dependency_cycle");
        Assert.Equal([first, second], refused.Json.GetProperty("cycle").EnumerateArray().Select(task => task.GetString()));
        Assert.Equal("pending", (await PatchAsync(second, """{"depends_on":null}""")).Is(200).Json.GetProperty("status").GetString());
        (await PatchAsync(first, $$"""{"depends_on":["{{second}}"]}""")).Is(200);
        (await PatchAsync(first, $$"""{"depends_on":["{{Unknown}}"]}""")).IsProblem(400, "invalid");
        (await PatchAsync(first, """{"depends_on":["ref:x"]}""")).IsProblem(400, "invalid");
        (await PatchAsync(first, $$"""{"epic_id":"{{Unknown}}"}""")).IsProblem(400, "invalid");
        (await PatchAsync(first, """{"status":"completed"}""")).IsProblem(400, "unknown_field");
    }

    [Fact]
    public async Task A_question_parks_the_task_until_it_is_answered()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");
        var (_, token) = await _node.ClaimAsync("ada");

        var parked = (await Bridge.PostAsync($"/api/v1/tasks/{id}/input/", $$"""{"token":{{token}},"question":"Which one?"}""")).Is(200).Json;
        Assert.Equal(("input_required", token, true, "Which one?"), (
            parked.GetProperty("status").GetString(),
            parked.GetProperty("claim").GetProperty("token").GetInt64(),
            parked.GetProperty("claim").GetProperty("lease_paused").GetBoolean(),
            parked.GetProperty("input").GetProperty("question").GetString()));
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"s"}""")).IsProblem(409, "invalid_transition");
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/claim/", """{"agent":"bob"}""")).IsProblem(409, "already_claimed");

        var running = (await Bridge.PostAsync($"/api/v1/tasks/{id}/answer/", """{"answer":"The other."}""")).Is(200).Json;
        Assert.Equal(("running", "The other."), (running.GetProperty("status").GetString(), running.GetProperty("input").GetProperty("answer").GetString()));
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/answer/", """{"answer":"Again."}""")).IsProblem(409, "invalid_transition");
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"s"}""")).Is(200);
    }

    [Fact]
    public async Task A_completion_is_rejected_with_all_that_it_lacks_and_may_be_sent_again()
    {
        var id = await _node.CreateAsync("""{"title":"t","acceptance_criteria":["it parses","it is fast"],"required_evidence":["files","benchmark"]}""");
        var (_, token) = await _node.ClaimAsync("ada");

        var rejected = (await Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$$"""{"token":{{{token}}},"result_summary":"s","criteria":[{"index":1,"met":false}]}""")).IsProblem(422, "completion_rejected");
        Assert.Equal(
            ["criterion_unanswered 0", "criterion_unmet 1", "evidence_missing files", "evidence_missing benchmark"],
            rejected.Json.GetProperty("reasons").EnumerateArray().Select(reason =>
                $"{reason.GetProperty("code").GetString()} {(reason.TryGetProperty("index", out var index) ? index.GetRawText() : reason.GetProperty("name").GetString())}"));
        Assert.Equal("running", (await Bridge.GetAsync($"/api/v1/tasks/{id}")).Json.GetProperty("status").GetString());

        var done = (await Bridge.PostAsync(
            $"/api/v1/tasks/{id}/complete/",
            $$"""{"token":{{token}},"result_summary":"s","criteria":[{"index":1,"met":true},{"index":0,"met":true}],"evidence":{"files":["a"],"metadata":{"benchmark":"3 ms"} } }""")).Is(200).Json;
        Assert.Equal("3 ms", done.GetProperty("evidence").GetProperty("metadata").GetProperty("benchmark").GetString());
    }

    [Fact]
    public async Task A_reviewer_returns_a_completion_and_accepts_the_next()
    {
        var id = await _node.CreateAsync("""{"title":"t","reviewer":"grace"}""");
        var (_, token) = await _node.ClaimAsync("ada");
        var handedIn = (await CompleteAsync(id, token)).Is(200).Json;
        Assert.Equal(("running", "pending", "done"), (handedIn.GetProperty("status").GetString(), handedIn.GetProperty("review").GetString(), handedIn.GetProperty("submitted").GetProperty("result_summary").GetString()));
        (await CompleteAsync(id, token)).IsProblem(422, "completion_rejected");
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/review/", """{"agent":"ada","accept":true}""")).IsProblem(403, "forbidden");

        var returned = (await Bridge.PostAsync($"/api/v1/tasks/{id}/review/", """{"agent":"grace","accept":false,"reasons":["no tests"]}""")).Is(200).Json;
        Assert.Equal(("running", "returned", "no tests"), (returned.GetProperty("status").GetString(), returned.GetProperty("review").GetString(), returned.GetProperty("review_reasons")[0].GetString()));
        (await Bridge.PostAsync($"/api/v1/tasks/{id}/review/", """{"agent":"grace","accept":true}""")).IsProblem(409, "invalid_transition");

        (await CompleteAsync(id, token)).Is(200);
        var accepted = (await Bridge.PostAsync($"/api/v1/tasks/{id}/review/", """{"agent":"grace","accept":true}""")).Is(200).Json;
        Assert.Equal(("completed", "accepted", "grace", "done"), (accepted.GetProperty("status").GetString(), accepted.GetProperty("review").GetString(), accepted.GetProperty("accepted_by").GetString(), accepted.GetProperty("result_summary").GetString()));
    }

    [Fact]
    public async Task Why_names_what_stands_against_a_claim_and_where_the_last_one_went()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"capabilities":["sql"]}""")).Is(201);
        var first = await _node.CreateAsync("""{"title":"a"}""");
        var second = await _node.CreateAsync($$"""{"title":"b","depends_on":["{{first}}"],"required_capabilities":["ui"]}""");

        var blocked = (await Bridge.GetAsync($"/api/v1/tasks/{second}/why/?agent=ada")).Is(200).Json;
        Assert.Equal((false, false, JsonValueKind.Null), (blocked.GetProperty("ready").GetBoolean(), blocked.GetProperty("claimable").GetBoolean(), blocked.GetProperty("routed").ValueKind));
        Assert.Equal(["dependency_open", "missing_capability"], blocked.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()));
        Assert.Equal((true, true), ((await Bridge.GetAsync($"/api/v1/tasks/{first}/why")).Json.GetProperty("ready").GetBoolean(), (await Bridge.GetAsync($"/api/v1/tasks/{first}/why")).Json.GetProperty("claimable").GetBoolean()));

        await _node.ClaimAsync("ada");
        var held = (await Bridge.GetAsync($"/api/v1/tasks/{first}/why/?agent=bob")).Is(200).Json;
        Assert.Equal(("claimed", "ada"), (held.GetProperty("reasons")[0].GetProperty("code").GetString(), held.GetProperty("reasons")[0].GetProperty("holder").GetString()));
        Assert.Equal(("ada", "claim_next", "P2", 1), (
            held.GetProperty("routed").GetProperty("agent").GetString(),
            held.GetProperty("routed").GetProperty("by").GetString(),
            held.GetProperty("routed").GetProperty("priority").GetString(),
            held.GetProperty("routed").GetProperty("dependants").GetInt32()));
    }

    [Fact]
    public async Task Tasks_of_all_projects_are_deleted_and_the_unknown_are_named()
    {
        var open = await _node.CreateAsync("""{"title":"a"}""");
        var other = await _node.CreateAsync("""{"title":"b","project":"q"}""");
        var held = await _node.CreateAsync("""{"title":"c","project":"r"}""");
        var (_, token) = await _node.ClaimAsync("ada", "r");

        var body = (await Bridge.PostAsync("/api/v1/tasks/batch-delete/", $$"""{"ids":["{{held}}","{{Unknown}}","{{open}}","{{other}}","{{open}}"]}""", ("Idempotency-Key", "k"))).Is(200);
        Assert.Equal($$"""{"deleted":["{{held}}","{{open}}","{{other}}"],"not_found":["{{Unknown}}"]}""", body.Text);
        Assert.Equal(body.Text, (await Bridge.PostAsync("/api/v1/tasks/batch-delete", $$"""{"ids":["{{held}}","{{Unknown}}","{{open}}","{{other}}","{{open}}"]}""", ("Idempotency-Key", "k"))).Text);

        Assert.Equal(0, (await Bridge.GetAsync("/api/v1/tasks/")).Json.GetProperty("total").GetInt32());
        Assert.Equal(3, (await Bridge.GetAsync("/api/v1/tasks/?status=deleted")).Json.GetProperty("total").GetInt32());
        Assert.True((await Bridge.PostAsync($"/api/v1/tasks/{held}/progress/", $$"""{"token":{{token}}}""")).Is(200).Json.GetProperty("cancel_requested").GetBoolean());
        (await PatchAsync(open, """{"title":"x"}""")).IsProblem(409, "invalid_transition");
        (await Bridge.PostAsync("/api/v1/tasks/batch-delete/", """{"ids":["x"]}""")).IsProblem(400, "invalid");
        Assert.Equal("""{"deleted":[],"not_found":[]}""", (await Bridge.PostAsync("/api/v1/tasks/batch-delete/", """{"ids":[]}""")).Is(200).Text);
    }

    [Fact]
    public async Task One_task_is_deleted_and_its_dependants_go_on()
    {
        var first = await _node.CreateAsync("""{"title":"a"}""");
        var second = await _node.CreateAsync($$"""{"title":"b","depends_on":["{{first}}"]}""");

        (await Bridge.DeleteAsync($"/api/v1/tasks/{first}/")).Is(204);
        (await Bridge.DeleteAsync($"/api/v1/tasks/{first}")).Is(204);

        Assert.Equal("deleted", (await Bridge.GetAsync($"/api/v1/tasks/{first}")).Json.GetProperty("status").GetString());
        Assert.Equal(second, (await _node.ClaimAsync("ada")).Task);
    }

    [Fact]
    public async Task Watchers_come_and_go()
    {
        var id = await _node.CreateAsync("""{"title":"t"}""");

        (await Bridge.PutAsync($"/api/v1/tasks/{id}/watchers/grace/", "{}")).Is(200);
        var two = (await Bridge.PutAsync($"/api/v1/tasks/{id}/watchers/ada", "{}")).Is(200).Json;
        Assert.Equal(["grace", "ada"], two.GetProperty("watchers").EnumerateArray().Select(agent => agent.GetString()));
        var one = (await Bridge.DeleteAsync($"/api/v1/tasks/{id}/watchers/grace/")).Is(200).Json;
        Assert.Equal(["ada"], one.GetProperty("watchers").EnumerateArray().Select(agent => agent.GetString()));
    }

    [Fact]
    public async Task The_capability_matrix_names_who_can_do_what_and_who_has_which_role()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"capabilities":["sql","csharp"],"roles":["Developer"]}""")).Is(201);
        (await Bridge.PutAsync("/api/v1/agents/grace", """{"capabilities":["sql"],"roles":["QA","Developer"]}""")).Is(201);

        var matrix = (await Bridge.GetAsync("/api/v1/capabilities/")).Is(200).Json;

        Assert.Equal(
            ["csharp 1: ada", "sql 2: ada grace"],
            matrix.GetProperty("capabilities").EnumerateArray().Select(Shown));
        Assert.Equal(["Developer 2: ada grace", "QA 1: grace"], matrix.GetProperty("roles").EnumerateArray().Select(Shown));
        Assert.Equal((2, 2), (matrix.GetProperty("capabilities_total").GetInt32(), matrix.GetProperty("roles_total").GetInt32()));
        Assert.Equal(1, (await Bridge.GetAsync("/api/v1/capabilities?limit=1&offset=1")).Is(200).Json.GetProperty("roles").GetArrayLength());
    }

    [Theory]
    [InlineData("POST", "/input", """{"token":1,"question":"q"}""")]
    [InlineData("POST", "/answer", """{"answer":"a"}""")]
    [InlineData("POST", "/review", """{"agent":"grace","accept":true}""")]
    [InlineData("PATCH", "", """{"title":"t"}""")]
    [InlineData("DELETE", "", null)]
    [InlineData("GET", "/why", null)]
    [InlineData("PUT", "/watchers/ada", "{}")]
    [InlineData("DELETE", "/watchers/ada", null)]
    public async Task An_unknown_task_is_not_found_and_a_wrong_id_is_invalid(string method, string call, string? body)
    {
        foreach (var slash in (string[])["", "/"])
        {
            (await Bridge.SendAsync(BridgeUnderTest.Request(new(method), $"/api/v1/tasks/{Unknown}{call}{slash}", body))).IsProblem(404, "not_found");
        }

        (await Bridge.SendAsync(BridgeUnderTest.Request(new(method), $"/api/v1/tasks/x{call}", body))).IsProblem(400, "invalid");
    }

    private static string Shown(JsonElement ability) =>
        $"{ability.GetProperty("name").GetString()} {ability.GetProperty("total").GetInt32()}: {string.Join(' ', ability.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("id").GetString()))}";

    private Task<Heard> PatchAsync(string id, string json) =>
        Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Patch, $"/api/v1/tasks/{id}/", json));

    private Task<Heard> CompleteAsync(string id, long token) =>
        Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"done"}""");
}
