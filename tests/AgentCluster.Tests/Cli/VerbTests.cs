using System.Text.Json;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>The verbs against the real actors.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_task_is_created_with_all_that_was_said_of_it()
    {
        var first = (await RunAsync("task", "create", "First", "-o", "json")).IsDone().Json.GetProperty("id").GetString()!;

        var task = (await RunAsync(
            "task", "create", "Write it", "--project", "default", "--description", "All of it", "--tag", "a", "--tag", "b", "--priority", "P1",
            "--criterion", "It runs", "--capability", "csharp", "--depends-on", first, "--file", "src/*.cs", "--manual", "--max-attempts", "5",
            "--deadline", "2027-01-01T00:00:00Z", "--metadata", "{\"mine\":1}", "-o", "json")).IsDone().Json;

        var shown = (await RunAsync("task", "show", task.GetProperty("id").GetString()!, "-o", "json")).IsDone().Json;
        Assert.Equal(task.GetRawText(), shown.GetRawText());
        Assert.Equal(("Write it", "P1", 5, true), (At(shown, "title"), At(shown, "priority"), shown.GetProperty("max_attempts").GetInt32(), shown.GetProperty("manual_assignment").GetBoolean()));
        Assert.Equal("[\"a\",\"b\"]", JsonSerializer.Serialize(shown.GetProperty("tags")));
        Assert.Equal([first], shown.GetProperty("depends_on").EnumerateArray().Select(on => on.GetString()));
        Assert.Equal("""{"mine":1}""", JsonSerializer.Serialize(shown.GetProperty("metadata")));
    }

    [Fact]
    public async Task A_team_works_a_queue_off()
    {
        await RunAsync("agent", "register", "ada", "--capability", "csharp", "--role", "Developer");
        var first = await CreateAsync("First", "--criterion", "It runs");
        var second = await CreateAsync("Second", "--depends-on", first);

        var claim = (await RunAsync("task", "next", "--agent", "ada", "--lease", "60", "-o", "json")).IsDone().Json.GetProperty("claim");
        var token = claim.GetProperty("token").GetRawText();
        Assert.Equal("false", At((await RunAsync("task", "progress", first, "--token", token, "--percent", "50", "--note", "half", "--tokens", "100", "-o", "json")).IsDone().Json, "cancel_requested"));
        var done = (await RunAsync("task", "complete", first, "--token", token, "--summary", "It runs", "--met", "0:tried: by hand", "--file", "a.cs", "--usd", "0.5", "--next", "-o", "json")).IsDone().Json;

        Assert.Equal(second, At(done.GetProperty("next").GetProperty("task"), "id"));
        var shown = (await RunAsync("task", "show", first, "-o", "json")).IsDone().Json;
        Assert.Equal(("completed", "100", "0.5"), (At(shown, "status"), At(shown.GetProperty("cost"), "actual_tokens"), At(shown.GetProperty("cost"), "actual_usd")));
        Assert.Equal("tried: by hand", At(shown.GetProperty("criteria")[0], "note"));
        var held = (await RunAsync("agent", "heartbeat", "ada", "-o", "json")).IsDone().Json;
        Assert.Equal(second, At(held.GetProperty("leases")[0], "task_id"));
        var next = At(held.GetProperty("leases")[0], "token");
        (await RunAsync("task", "fail", second, "--token", next, "--reason", "no", "--final")).IsDone();
        Assert.Equal("failed", At((await RunAsync("task", "show", second, "-o", "json")).Json, "status"));
        Assert.Contains("ada | idle | ", (await RunAsync("agent", "list")).IsDone().Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_is_shown_with_what_its_holder_needs()
    {
        var id = await CreateAsync("Write it");

        var lines = (await RunAsync("task", "claim", id, "--agent", "ada")).IsDone().Data.Split('\n');

        Assert.Equal([$"task | {id}", "title | Write it", "agent | ada"], lines[..3]);
        Assert.StartsWith("token | ", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("lease_expires_at | ", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_somebody_holds_is_exit_4_and_says_who_and_what_to_do()
    {
        var id = await CreateAsync("Write it");
        await RunAsync("task", "claim", id, "--agent", "ada");

        var ran = await RunAsync("task", "claim", id, "--agent", "grace");

        Assert.Equal((4, ""), (ran.Code, ran.Data));
        Assert.StartsWith("already_claimed: ", ran.Words, StringComparison.Ordinal);
        Assert.Contains("\n  holder: ada\n", ran.Words, StringComparison.Ordinal);
        Assert.Contains("pbm task next", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_ready_is_exit_3_and_nothing_on_stdout()
    {
        var ran = await RunAsync("task", "next", "--agent", "ada");

        Assert.Equal((3, ""), (ran.Code, ran.Data));
        Assert.StartsWith("Nothing is ready.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_is_wrong_is_named_and_exit_2()
    {
        var ran = await RunAsync("task", "create", "t", "--priority", "urgent");

        Assert.Equal((2, ""), (ran.Code, ran.Data));
        Assert.Contains("priority", ran.Words, StringComparison.Ordinal);
    }

    // Broken on purpose: the validator of --yes left out (the agent was gone).
    [Fact]
    public async Task What_cannot_be_taken_back_must_be_meant()
    {
        await RunAsync("agent", "register", "ada");

        var hasty = await RunAsync("agent", "delete", "ada");
        Assert.Equal((2, ""), (hasty.Code, hasty.Data));
        Assert.Contains("--yes", hasty.Words, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("agent", "show", "ada")).Code);

        Assert.Equal((0, "", "Deleted.\n"), (await RunAsync("agent", "delete", "ada", "--yes")) is var meant ? (meant.Code, meant.Data, meant.Words) : default);
        Assert.Equal(3, (await RunAsync("agent", "show", "ada")).Code);
    }

    [Fact]
    public async Task The_same_command_with_its_key_does_nothing_twice()
    {
        var first = await RunAsync("task", "create", "t", "--idempotency-key", "k", "-o", "json");
        var again = await RunAsync("task", "create", "t", "--idempotency-key", "k", "-o", "json");

        Assert.Equal(first.IsDone().Data, again.IsDone().Data);
        Assert.Contains("Count: 1 of 1 tasks", (await RunAsync("task", "list")).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handle_in_the_environment_says_who_it_is()
    {
        var handle = At((await RunAsync("agent", "register", "ada", "-o", "json")).IsDone().Json, "handle");

        Assert.Equal(0, (await Ran.OfAsync(_node.Bridge.Address, handle, ["agent", "heartbeat", "ada"])).Code);
        var other = await Ran.OfAsync(_node.Bridge.Address, handle, ["agent", "heartbeat", "grace"]);
        Assert.Equal((1, ""), (other.Code, other.Data));
        Assert.DoesNotContain(handle, other.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_peoples_text_moves_no_cursor()
    {
        await CreateAsync("evil \u001b[2J\u202e title");

        var ran = await RunAsync("task", "list");

        Assert.Contains("evil \\u001b[2J\\u202e title", ran.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task", "complete", "T", "--summary", "s")]
    [InlineData("task", "complete", "T", "--token", "1", "--summary", "s", "--met", "first")]
    [InlineData("task", "review", "T", "--agent", "a")]
    [InlineData("task", "review", "T", "--agent", "a", "--accept", "--return")]
    [InlineData("task", "delete", "T")]
    [InlineData("task", "create", "t", "--metadata", "{")]
    [InlineData("epic", "cancel", "E")]
    [InlineData("import", "/no/such/file", "--format", "beads")]
    [InlineData("status", "--timeout", "0")]
    public async Task A_wrong_command_line_is_exit_2_and_nothing_is_asked(params string[] args)
    {
        var ran = await Ran.OfAsync(new("http://127.0.0.1:1"), args);

        Assert.Equal((2, ""), (ran.Code, ran.Data));
        Assert.EndsWith("Try 'pbm --help'.\n", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_imported_bad_rows_are_said_by_line_and_a_second_time_changes_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-test-");
        var issues = Path.Combine(folder.FullName, "issues.jsonl");
        var tasks = Path.Combine(folder.FullName, "tasks.json");
        await File.WriteAllTextAsync(issues, """
            {"id":"a","title":"A","status":"open","dependencies":[{"type":"blocks","depends_on_id":"gone"}]}
            {"id":"b","status":"open"}
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(tasks, """{"master":{"tasks":[{"id":1,"title":"A","subtasks":[{"id":1,"title":"B"}]}]}}""", TestContext.Current.CancellationToken);

        var first = await RunAsync("import", issues, "--format", "beads", "--project", "p");
        var again = await RunAsync("import", tasks, "--format", "taskmaster", "--project", "p");
        var third = (await RunAsync("import", tasks, "--format", "taskmaster", "--project", "p")).IsDone();
        folder.Delete(recursive: true);

        Assert.Equal((1, "created | 1\nunchanged | 0\nupdated | 0\nskipped | 1\ndangling | 1\n"), (first.Code, first.Data));
        Assert.Equal("a depends on gone, which is nowhere: it waits for nothing there.\nline 2 was skipped: Expected a title, found none.\n", first.Words);
        Assert.Equal("created | 2\nunchanged | 0\nupdated | 0\nskipped | 0\ndangling | 0\n", again.IsDone().Data);
        Assert.Equal("created | 0\nunchanged | 2\nupdated | 0\nskipped | 0\ndangling | 0\n", third.Data);
    }

    [Fact]
    public async Task A_task_is_changed_explained_and_deleted()
    {
        var first = await CreateAsync("First");
        var second = await CreateAsync("Second", "--depends-on", first, "--description", "All of it");

        var changed = (await RunAsync("task", "set", second, "--title", "Second, really", "--priority", "P0", "--clear", "description", "-o", "json")).IsDone().Json;
        var why = (await RunAsync("why", second, "--agent", "ada")).IsDone().Data;

        Assert.Equal(("Second, really", "P0", "null"), (At(changed, "title"), At(changed, "priority"), At(changed, "description")));
        Assert.Contains("ready | false\n", why, StringComparison.Ordinal);
        Assert.Contains("dependency_open | ", why, StringComparison.Ordinal);
        var history = (await RunAsync("task", "history", second)).IsDone().Data.Split('\n');
        Assert.Equal(["task_created", "task_updated"], history[..2].Select(line => line.Split(" | ")[1]));
        Assert.Equal("Count: 2 of 2 events", history[2]);
        Assert.Equal(0, (await RunAsync("task", "delete", second, "--yes")).Code);
        var many = await RunAsync("task", "delete", first, second, "--yes");
        Assert.Equal((0, $"{first} | deleted\n"), (many.Code, many.Data[..(first.Length + 11)]));
        Assert.Equal("Count: 0 of 0 tasks\n", (await RunAsync("task", "list")).IsDone().Data);
    }

    [Fact]
    public async Task What_was_changed_here_is_kept_by_an_import_and_the_rest_follows_the_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"id":"a","title":"There","status":"open","priority":3}""", TestContext.Current.CancellationToken);
        (await RunAsync("import", file, "--format", "beads")).IsDone();
        var id = At((await RunAsync("task", "list", "-o", "json")).IsDone().Json.GetProperty("items")[0], "id");
        (await RunAsync("task", "set", id, "--title", "Here")).IsDone();

        await File.WriteAllTextAsync(file, """{"id":"a","title":"There too","status":"open","priority":1}""", TestContext.Current.CancellationToken);
        Assert.Contains("updated | 1\n", (await RunAsync("import", file, "--format", "beads")).IsDone().Data, StringComparison.Ordinal);
        File.Delete(file);

        var task = (await RunAsync("task", "show", id, "-o", "json")).IsDone().Json;
        Assert.Equal(("Here", "P1"), (At(task, "title"), At(task, "priority")));
    }

    [Fact]
    public async Task An_epic_is_planned_counted_searched_and_called_off()
    {
        var epic = At((await RunAsync("epic", "create", "Ship it", "--description", "the parser", "--tag", "x", "--budget-usd", "2.5", "-o", "json")).IsDone().Json, "id");
        var task = await CreateAsync("Write it", "--epic", epic);

        var changed = (await RunAsync("epic", "set", epic, "--title", "Ship them", "--budget-tokens", "10", "--clear", "description", "-o", "json")).IsDone().Json;

        Assert.Equal("""{"tokens":10,"usd":null}""", JsonSerializer.Serialize(changed.GetProperty("budget")));
        Assert.Equal($"{epic} | planning | P2 | Ship them\nCount: 1 of 1 epics\n", (await RunAsync("epic", "list", "--tag", "x")).IsDone().Data);
        Assert.Contains("percent | 0\n", (await RunAsync("epic", "progress", epic)).IsDone().Data, StringComparison.Ordinal);
        Assert.Equal("cancelled", At((await RunAsync("epic", "cancel", epic, "--yes", "--reason", "no", "-o", "json")).IsDone().Json, "status"));
        Assert.Equal("cancelled", At((await RunAsync("task", "show", task, "-o", "json")).IsDone().Json, "status"));
        Assert.StartsWith($"{epic} | cancelled | ", (await RunAsync("epic", "search", "ship", "--tag", "x")).IsDone().Data, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("epic", "delete", epic, "--yes")).Code);
        Assert.Equal("Count: 0 of 0 epics\n", (await RunAsync("epic", "list")).IsDone().Data);
    }

    [Fact]
    public async Task A_task_is_parked_answered_and_reviewed()
    {
        var id = await CreateAsync("Write it", "--reviewer", "grace");
        var token = At((await RunAsync("task", "claim", id, "--agent", "ada", "-o", "json")).IsDone().Json.GetProperty("claim"), "token");

        (await RunAsync("task", "input", id, "Which one?", "--token", token)).IsDone();
        Assert.Contains("INPUT_REQUIRED", (await RunAsync("task", "list")).Data, StringComparison.Ordinal);
        (await RunAsync("task", "answer", id, "The first")).IsDone();
        (await RunAsync("task", "complete", id, "--token", token, "--summary", "done")).IsDone();
        (await RunAsync("task", "review", id, "--agent", "grace", "--return", "--reason", "not yet")).IsDone();
        (await RunAsync("task", "complete", id, "--token", token, "--summary", "done now")).IsDone();

        Assert.Equal("completed", At((await RunAsync("task", "review", id, "--agent", "grace", "--accept", "-o", "json")).IsDone().Json, "status"));
    }

    [Fact]
    public async Task A_project_that_is_exported_is_the_same_where_it_is_imported_and_comes_over_once()
    {
        var epic = At((await RunAsync("epic", "create", "Ship it", "--description", "the parser", "-o", "json")).IsDone().Json, "id");
        var first = await CreateAsync("First", "--epic", epic, "--description", "All of it", "--criterion", "It runs");
        await CreateAsync("Second", "--epic", epic, "--depends-on", first);
        var file = Path.GetTempFileName();
        var export = (await RunAsync("export")).IsDone().Data;
        await File.WriteAllTextAsync(file, export, TestContext.Current.CancellationToken);

        string[] piped = ["import", "-", "--format", "agentcluster", "--project", "copy"];
        var came = (await Ran.OfAsync(_node.Bridge.Address, null, piped, new StringReader(export))).IsDone();
        var again = (await RunAsync("import", file, "--format", "agentcluster", "--project", "copy")).IsDone();
        File.Delete(file);

        Assert.StartsWith("created | 3\n", came.Data, StringComparison.Ordinal);
        Assert.StartsWith("created | 0\nunchanged | 3\n", again.Data, StringComparison.Ordinal);
        Assert.Equal(await LikenessAsync("default"), await LikenessAsync("copy"));
    }

    private async Task<string> LikenessAsync(string project)
    {
        var epics = (await RunAsync("epic", "list", "--project", project)).IsDone().Data.Split('\n').Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..]);
        var tasks = (await RunAsync("task", "list", "--project", project)).IsDone().Data.Split('\n').Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..]);
        return string.Join('\n', epics.Concat(tasks.Order()));
    }

    private static string At(JsonElement json, string field) => json.GetProperty(field) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : json.GetProperty(field).GetRawText();

    private async Task<string> CreateAsync(string title, params string[] more) =>
        At((await RunAsync(["task", "create", title, "-o", "json", .. more])).IsDone().Json, "id");

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);
}
