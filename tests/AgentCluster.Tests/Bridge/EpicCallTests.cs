using System.Text.Json;

namespace AgentCluster.Tests.Bridge;

/// <summary>Every call on epics, as the outside contract says it, against the real actors.</summary>
public sealed class EpicCallTests : IAsyncLifetime
{
    private const string Unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public async Task A_created_epic_shows_all_that_was_said_and_is_found_at_its_location(string slash)
    {
        var created = (await Bridge.PostAsync($"/api/v1/epics{slash}", """
            {"project":"p","title":"The parser","description":"Reads what was written","tags":["core"],"priority":"P1-HIGH",
             "budget":{"tokens":100,"usd":2.5},"created_by":"ada","workflow_id":"w-1","user_profile_id":"u-1","metadata":{"a":[1]}}
            """)).Is(201);
        var id = Id(created);

        Assert.Equal($"/api/v1/epics/{id}/", created.Location!.ToString());
        Assert.Equal(created.Text, (await Bridge.GetAsync($"/api/v1/epics/{id}{slash}")).Is(200).Text);
        var epic = created.Json;
        Assert.Equal(
            ("planning", "P1", "p", "ada", "w-1", "u-1", "Reads what was written"),
            (Text(epic, "status"), Text(epic, "priority"), Text(epic, "project"), Text(epic, "created_by"), Text(epic, "workflow_id"),
                Text(epic, "user_profile_id"), Text(epic, "description")));
        Assert.Equal("""{"tokens":100,"usd":2.5}""", epic.GetProperty("budget").GetRawText());
        Assert.Equal("""{"a":[1]}""", epic.GetProperty("metadata").GetRawText());
        Assert.Equal(1, epic.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task An_epic_is_worked_on_to_100_percent()
    {
        var epic = await CreateAsync("""{"title":"The parser","budget":{"tokens":1000}}""");
        await TaskAsync(epic, "P0");
        await TaskAsync(epic, "P1");
        await CompleteAsync(await _node.ClaimAsync("ada"), 300);

        var half = (await Bridge.GetAsync($"/api/v1/epics/{epic}/progress/")).Is(200).Json;
        Assert.Equal(
            $$"""{"epic_id":"{{epic}}","status":"active","total":2,"by_status":{"pending":1,"blocked":0,"running":0,"input_required":0,"completed":1,"failed":0,"cancelled":0},"percent":50,"cost":{"actual_tokens":300,"actual_usd":0,"duration_ms":0,"llm_calls":0,"tool_invocations":0},"budget":{"tokens":1000,"usd":null},"budget_exhausted":false}""",
            half.GetRawText());

        await CompleteAsync(await _node.ClaimAsync("ada"), 300);
        var whole = (await Bridge.GetAsync($"/api/v1/epics/{epic}/progress")).Is(200).Json;
        Assert.Equal(("completed", 100, 600), (Text(whole, "status"), whole.GetProperty("percent").GetInt32(), whole.GetProperty("cost").GetProperty("actual_tokens").GetInt32()));
    }

    [Fact]
    public async Task A_spent_budget_is_the_reason_of_a_refused_claim_until_it_is_raised()
    {
        var epic = await CreateAsync("""{"title":"The parser","budget":{"tokens":10}}""");
        await TaskAsync(epic, "P0");
        var waiting = await TaskAsync(epic, "P1");
        await CompleteAsync(await _node.ClaimAsync("ada"), 10);

        var refused = (await Bridge.PostAsync($"/api/v1/tasks/{waiting}/claim/", """{"agent":"ada"}""")).IsProblem(409, "not_ready");
        Assert.Equal("budget_exhausted", refused.Json.GetProperty("reasons")[0].GetProperty("code").GetString());
        (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""")).Is(204);

        (await PatchAsync(epic, """{"budget":{"tokens":11}}""")).Is(200);
        (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""")).Is(200);
    }

    [Fact]
    public async Task A_change_leaves_what_it_does_not_name_and_null_empties()
    {
        var epic = await CreateAsync("""{"title":"The parser","description":"All","tags":["a"],"budget":{"usd":1},"workflow_id":"w","metadata":{"a":1}}""");

        var changed = (await PatchAsync(epic, """{"title":"A parser","description":null,"tags":null,"budget":null,"metadata":null,"result_summary":"Done"}""")).Is(200).Json;

        Assert.Equal(("A parser", "w", "Done", "[]"), (Text(changed, "title"), Text(changed, "workflow_id"), Text(changed, "result_summary"), changed.GetProperty("tags").GetRawText()));
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("budget").ValueKind);
        Assert.False(changed.TryGetProperty("description", out _) || changed.TryGetProperty("metadata", out _));
        Assert.Equal(2, changed.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_cancel_takes_the_tasks_with_it()
    {
        var (epic, other) = (await CreateAsync("""{"title":"A"}"""), await CreateAsync("""{"title":"B"}"""));
        var task = await TaskAsync(epic, "P0");

        Assert.Equal("cancelled", Text((await Bridge.PostAsync($"/api/v1/epics/{epic}/cancel/", """{"reason":"Not now"}""")).Is(200).Json, "status"));
        Assert.Equal("cancelled", Text((await PatchAsync(other, """{"status":"cancelled"}""")).Is(200).Json, "status"));

        var shown = (await Bridge.GetAsync($"/api/v1/tasks/{task}/")).Is(200).Json;
        Assert.Equal(("cancelled", "Not now"), (Text(shown, "status"), Text(shown, "reason")));
        var refused = (await PatchAsync(epic, """{"status":"active"}""")).IsProblem(409, "invalid_transition").Json;
        Assert.Equal(("cancelled", "active"), (Text(refused, "from"), Text(refused, "to")));
        refused = (await Bridge.PostAsync("/api/v1/tasks/", $$"""{"title":"t","epic_id":"{{epic}}"}""")).IsProblem(409, "invalid_transition").Json;
        Assert.Equal(("cancelled", "active"), (Text(refused, "from"), Text(refused, "to")));
    }

    [Fact]
    public async Task A_deleted_epic_leaves_the_lists_and_a_batch_names_what_was_not_there()
    {
        var (one, two, three) = (await CreateAsync("""{"title":"1"}"""), await CreateAsync("""{"title":"2","project":"p"}"""), await CreateAsync("""{"title":"3"}"""));

        (await Bridge.DeleteAsync($"/api/v1/epics/{one}/")).Is(204);
        var batch = (await Bridge.PostAsync("/api/v1/epics/batch-delete/", $$"""{"ids":["{{two}}","{{Unknown}}","{{three}}","{{two}}"]}""")).Is(200);

        Assert.Equal($$"""{"deleted":["{{two}}","{{three}}"],"not_found":["{{Unknown}}"]}""", batch.Text);
        Assert.Equal("""{"items":[],"total":0}""", (await Bridge.GetAsync("/api/v1/epics/")).Is(200).Text);
        Assert.Equal("deleted", Text((await Bridge.GetAsync($"/api/v1/epics/{one}/")).Is(200).Json, "status"));
        Assert.Equal(3, (await Bridge.GetAsync("/api/v1/epics/?status=deleted")).Is(200).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Epics_are_listed_by_project_status_tags_and_text_a_page_at_a_time()
    {
        await CreateAsync("""{"title":"The parser","project":"p","tags":["core","io"]}""");
        await CreateAsync("""{"title":"The printer","project":"p","tags":["io"],"description":"prints what the PARSER read"}""");
        await CreateAsync("""{"title":"Elsewhere","project":"q","tags":["core"]}""");

        async Task<string> TitlesAsync(string query)
        {
            var page = (await Bridge.GetAsync("/api/v1/epics/" + query)).Is(200).Json;
            return string.Join(",", page.GetProperty("items").EnumerateArray().Select(item => Text(item, "title"))) + " of " + page.GetProperty("total");
        }

        Assert.Equal("The parser,The printer of 2", await TitlesAsync("?project=p"));
        Assert.Equal("The parser of 1", await TitlesAsync("?project=p&tags=core,io"));
        Assert.Equal("The parser,The printer of 2", await TitlesAsync("?text=parser"));
        Assert.Equal("The printer of 3", await TitlesAsync("?limit=1&offset=1"));
        Assert.Equal(" of 0", await TitlesAsync("?status=active"));
    }

    // Broken on purpose: open epics not left out of the search.
    [Fact]
    public async Task A_search_finds_past_epics_by_words_and_tags_and_says_how_they_went()
    {
        var past = await CreateAsync("""{"title":"Parser","description":"Reads every token of a file","tags":["core"]}""");
        await TaskAsync(past, "P0");
        await TaskAsync(past, "P1");
        await CompleteAsync(await _node.ClaimAsync("ada"), 301);
        var (task, token) = await _node.ClaimAsync("ada");
        (await Bridge.PostAsync($"/api/v1/tasks/{task}/fail/", $$"""{"token":{{token}},"reason":"no","retryable":false}""")).Is(200);
        await CreateAsync("""{"title":"Parser of every token","tags":["core"]}""");

        var found = (await Bridge.GetAsync("/api/v1/epics/search/?q=TOKEN%20every&tags=core")).Is(200).Json;

        var item = Assert.Single(found.GetProperty("items").EnumerateArray());
        Assert.Equal((past, "failed", 0.5, 150), (Text(item, "id"), Text(item, "status"), item.GetProperty("success_rate").GetDouble(), item.GetProperty("avg_cost").GetProperty("actual_tokens").GetInt32()));
        Assert.Equal(0, (await Bridge.GetAsync("/api/v1/epics/search/?q=token%20missing")).Is(200).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_task_of_an_unknown_epic_is_refused_alone_and_in_a_batch()
    {
        var alone = (await Bridge.PostAsync("/api/v1/tasks/", $$"""{"title":"t","epic_id":"{{Unknown}}"}""")).IsProblem(400, "invalid");
        var batch = (await Bridge.PostAsync("/api/v1/tasks/batch/", $$"""{"tasks":[{"title":"a"},{"title":"t","epic_id":"{{Unknown}}"}]}""")).IsProblem(400, "invalid");

        Assert.True(alone.Json.GetProperty("errors").TryGetProperty("epic_id", out _), alone.Text);
        Assert.True(batch.Json.GetProperty("errors").TryGetProperty("tasks[1].epic_id", out _), batch.Text);
    }

    [Fact]
    public async Task Tasks_are_listed_by_their_epic()
    {
        var epic = await CreateAsync("""{"title":"A"}""");
        var task = await TaskAsync(epic, "P0");
        await _node.CreateAsync("""{"title":"other"}""");

        var listed = (await Bridge.GetAsync($"/api/v1/tasks/?epic_id={epic}")).Is(200).Json;

        Assert.Equal(task, Text(Assert.Single(listed.GetProperty("items").EnumerateArray()), "id"));
    }

    [Theory]
    [InlineData("""{"title":""}""")]
    [InlineData("""{}""")]
    [InlineData("""{"title":"t","budget":{"tokens":-1}}""")]
    [InlineData("""{"title":"t","budget":{"usd":"5"}}""")]
    [InlineData("""{"title":"t","priority":"P9"}""")]
    [InlineData("""{"title":"t","tags":["a\u0000"]}""")]
    [InlineData("""{"title":"t","status":"active"}""")]
    public async Task A_malformed_epic_is_refused_and_nothing_is_created(string body)
    {
        var refused = await Bridge.PostAsync("/api/v1/epics/", body);

        Assert.Equal(400, refused.Status);
        Assert.Equal(0, (await Bridge.GetAsync("/api/v1/epics/")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_unknown_epic_is_not_found_by_any_call()
    {
        (await Bridge.GetAsync($"/api/v1/epics/{Unknown}/")).IsProblem(404, "not_found");
        (await Bridge.GetAsync($"/api/v1/epics/{Unknown}/progress/")).IsProblem(404, "not_found");
        (await PatchAsync(Unknown, """{"title":"t"}""")).IsProblem(404, "not_found");
        (await Bridge.DeleteAsync($"/api/v1/epics/{Unknown}/")).IsProblem(404, "not_found");
        (await Bridge.PostAsync($"/api/v1/epics/{Unknown}/cancel/", "{}")).IsProblem(404, "not_found");
        (await Bridge.GetAsync("/api/v1/epics/nonsense/")).IsProblem(400, "invalid");
        (await Bridge.GetAsync("/api/v1/epics/search/?q=" + string.Join('+', Enumerable.Range(0, 17)))).IsProblem(400, "invalid");
    }

    // Broken on purpose: call.IfMatch left out of each of the three commands.
    [Fact]
    public async Task What_was_changed_since_it_was_seen_is_not_changed_cancelled_or_deleted()
    {
        var epic = await CreateAsync("""{"title":"A"}""");
        (await PatchAsync(epic, """{"title":"B"}""", ("If-Match", "\"1\""))).Is(200);

        var late = (await PatchAsync(epic, """{"title":"C"}""", ("If-Match", "\"1\""))).IsProblem(412, "version_mismatch");
        (await Bridge.PostAsync($"/api/v1/epics/{epic}/cancel/", "{}", ("If-Match", "\"1\""))).IsProblem(412, "version_mismatch");
        (await Bridge.DeleteAsync($"/api/v1/epics/{epic}/", ("If-Match", "\"1\""))).IsProblem(412, "version_mismatch");

        Assert.Equal(2, late.Json.GetProperty("current_version").GetInt32());
        Assert.Equal(("B", "planning"), (Text((await Bridge.GetAsync($"/api/v1/epics/{epic}/")).Json, "title"), Text((await Bridge.GetAsync($"/api/v1/epics/{epic}/")).Json, "status")));
        (await Bridge.DeleteAsync($"/api/v1/epics/{epic}/", ("If-Match", "\"2\""))).Is(204);
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_creates_one_epic()
    {
        var first = (await Bridge.PostAsync("/api/v1/epics/", """{"title":"A"}""", ("Idempotency-Key", "k"))).Is(201);
        var again = (await Bridge.PostAsync("/api/v1/epics/", """{"title":"A"}""", ("Idempotency-Key", "k"))).Is(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(1, (await Bridge.GetAsync("/api/v1/epics/")).Json.GetProperty("total").GetInt32());
    }

    private Task<Heard> PatchAsync(string epic, string json, params ReadOnlySpan<(string Name, string Value)> headers) =>
        Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Patch, $"/api/v1/epics/{epic}/", json, headers));

    private async Task<string> CreateAsync(string json) => Id((await Bridge.PostAsync("/api/v1/epics/", json)).Is(201));

    private Task<string> TaskAsync(string epic, string priority) =>
        _node.CreateAsync($$"""{"title":"t","priority":"{{priority}}","epic_id":"{{epic}}"}""");

    private async Task CompleteAsync((string Task, long Token) claim, int tokens) => (await Bridge.PostAsync(
        $"/api/v1/tasks/{claim.Task}/complete/",
        $$$"""{"token":{{{claim.Token}}},"result_summary":"Done.","cost":{"actual_tokens":{{{tokens}}}}}""")).Is(200);

    private static string Id(Heard heard) => Text(heard.Json, "id");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
