using System.Net.WebSockets;
using System.Text.Json;
using AgentCluster.Bridge.Live;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Audit;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.Keys;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Tests.Bridge.Live;

/// <summary>What those who listen hear, over real sockets.</summary>
public sealed class EventsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task Who_listens_hears_what_happens_from_now_on_in_the_words_of_the_API()
    {
        await _node.CreateAsync("""{"title":"before"}""");
        using var events = await EventReader.OpenAsync(_node.Bridge);
        Assert.NotNull(events.LastId);

        var id = await _node.CreateAsync("""{"title":"Write the parser","project":"apollo","metadata":{"task":"kept"}}""");
        var told = (await events.NextAsync())!.Value;

        Assert.Equal(["cursor", "name", "channel", "at", "data"], told.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("task_created", "project:apollo"), (told.GetProperty("name").GetString(), told.GetProperty("channel").GetString()));
        var data = told.GetProperty("data");
        Assert.Equal(("apollo", id, "Write the parser"), (Text(data, "project"), Text(data, "task_id"), Text(data, "title")));
        Assert.Equal("kept", data.GetProperty("metadata").GetProperty("task").GetString());
        Assert.True(DateTimeOffset.UtcNow - told.GetProperty("at").GetDateTimeOffset() < TimeSpan.FromMinutes(1));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_task_is_followed_from_its_creation_to_its_end_by_its_project_its_id_and_its_agent()
    {
        using var project = await EventReader.OpenAsync(_node.Bridge, "?channels=project:default");
        var id = await _node.CreateAsync("""{"title":"Parse"}""");
        using var task = await EventReader.OpenAsync(_node.Bridge, $"?after=0&channels=task:{id}");
        using var agent = await EventReader.OpenAsync(_node.Bridge, "?channels=agent:ada,agent:nobody");
        await _node.CreateAsync("""{"title":"Elsewhere","project":"other"}""");
        var (_, token) = await _node.ClaimAsync("ada");
        (await _node.Bridge.PostAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"Done."}""")).Is(200);

        Assert.Equal(["task_created", "task_claimed", "task_completed"], Names(await project.TakeAsync(3)));
        Assert.Equal(["task_created", "task_claimed", "task_completed"], Names(await task.TakeAsync(3)));
        Assert.Equal(["task_claimed", "task_completed"], Names(await agent.TakeAsync(2)));
    }

    // Broken on purpose: the cursor of a frame taken before its own event.
    [Fact(Timeout = 30_000)]
    public async Task Who_comes_back_with_the_last_cursor_misses_nothing_and_hears_nothing_twice_also_on_a_restarted_node()
    {
        List<string> heard = [];
        string? last = null;
        for (var round = 0; round < 6; round++)
        {
            using (var events = await EventReader.OpenAsync(_node.Bridge, "?after=0", last))
            {
                await Task.WhenAll(Enumerable.Range(0, 5).Select(i => _node.CreateAsync($$"""{"title":"{{round}}.{{i}}","project":"p{{i}}"}""")));
                heard.AddRange((await events.TakeAsync(3)).Select(told => Text(told.GetProperty("data"), "title")));
                last = events.LastId;
            }

            if (round % 2 == 1)
            {
                await _node.DisposeAsync();
                _node = await NodeUnderTest.StartAsync(on: _node.Store);
            }
        }

        using var rest = await EventReader.OpenAsync(_node.Bridge, $"?after={last}");
        heard.AddRange((await rest.TakeAsync(12)).Select(told => Text(told.GetProperty("data"), "title")));

        Assert.Equal(30, heard.Distinct().Count());
        Assert.Equal(30, heard.Count);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(
            Enumerable.Range(0, 6).Select(round => $"{round}.{i}"), heard.Where(title => title.EndsWith($".{i}", StringComparison.Ordinal))));
    }

    [Fact(Timeout = 30_000)]
    public async Task Many_who_join_while_others_write_all_hear_the_same()
    {
        const int Tasks = 120;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Tasks; i++)
            {
                await _node.CreateAsync($$"""{"title":"{{i}}","project":"p{{i % 7}}"}""");
            }
        }, Token);

        var heard = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var events = await EventReader.OpenAsync(_node.Bridge, "?after=0");
            return (await events.TakeAsync(Tasks)).Select(told => Text(told.GetProperty("data"), "title")).ToList();
        }));
        await writing;

        Assert.All(heard, titles => Assert.Equal(Enumerable.Range(0, Tasks), titles.Select(int.Parse).Order()));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("after=not%20a%20cursor", "after")]
    [InlineData("after=", "after")]
    [InlineData("channels=everything", "channels")]
    [InlineData("channels=epic:", "channels")]
    [InlineData("channels=project:a,,task:b", "channels")]
    public async Task What_is_malformed_is_refused_by_its_name(string query, string field)
    {
        var refused = (await _node.Bridge.GetAsync("/api/v1/events/?" + query)).IsProblem(400, "invalid");

        Assert.True(refused.Json.GetProperty("errors").TryGetProperty(field, out _), refused.Text);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cursor_too_long_or_in_the_header_is_checked_too()
    {
        (await _node.Bridge.GetAsync("/api/v1/events/?colour=red")).IsProblem(400, "unknown_field");
        (await _node.Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Get, "/api/v1/events", null, ("Last-Event-ID", "not a cursor")))).IsProblem(400, "invalid");
    }

    [Theory(Timeout = 30_000)]
    [InlineData("bogus")]
    [InlineData("99999999999")]
    [InlineData("AQEBAQ")]
    public async Task A_cursor_that_nobody_knows_is_gone_and_says_where_to_start_again(string cursor)
    {
        var gone = (await _node.Bridge.GetAsync("/api/v1/events/?after=" + cursor)).IsProblem(410, "cursor_gone");
        using var events = await EventReader.OpenAsync(_node.Bridge, "?after=" + Text(gone.Json, "restart_cursor"));
        await _node.CreateAsync("""{"title":"after"}""");

        Assert.Equal("after", Text((await events.NextAsync())!.Value.GetProperty("data"), "title"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cursor_of_events_that_a_restored_journal_does_not_have_is_gone()
    {
        await _node.CreateAsync("""{"title":"one"}""");
        using var events = await EventReader.OpenAsync(_node.Bridge, "?after=0");
        await events.NextAsync();
        await using var restored = await NodeUnderTest.StartAsync();

        (await restored.Bridge.GetAsync("/api/v1/events/?after=" + events.LastId)).IsProblem(410, "cursor_gone");
    }

    [Fact(Timeout = 30_000)]
    public async Task One_listener_more_than_there_is_room_for_is_told_to_come_back_later()
    {
        await using var small = await NodeUnderTest.StartAsync(options => options with { MaxListening = 1 });
        using (await EventReader.OpenAsync(small.Bridge))
        {
            var refused = (await small.Bridge.GetAsync("/api/v1/events/")).IsProblem(503, "overloaded");
            Assert.NotNull(refused.RetryAfter);
            (await small.Bridge.GetAsync("/api/v1/events/?after=bogus")).IsProblem(503, "overloaded");
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_handle_is_never_told_and_a_wrong_one_does_not_listen()
    {
        using var events = await EventReader.OpenAsync(_node.Bridge, "?channels=agent:ada");
        var handle = Text((await _node.Bridge.PutAsync("/api/v1/agents/ada", """{"name":"Ada"}""")).Is(201).Json, "handle");
        (await _node.Bridge.PutAsync("/api/v1/agents/ada", """{"name":"Ada L.","rotate":true}""", ("Authorization", "Bearer " + handle))).Is(200);

        var told = await events.TakeAsync(2);

        Assert.Equal(["agent_registered", "agent_updated"], Names(told));
        Assert.All(told, each => Assert.DoesNotContain("acl_", each.GetRawText(), StringComparison.Ordinal));
        (await _node.Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Get, "/api/v1/events/", null, ("Authorization", "Bearer " + handle))))
            .IsProblem(401, "unauthorized");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_node_that_stops_sends_its_listeners_away_with_a_word()
    {
        using var events = await EventReader.OpenAsync(_node.Bridge);

        var stopping = _node.Bridge.StopAsync();
        Assert.Null(await events.NextAsync());
        await stopping;

        Assert.Contains(events.Comments, comment => comment.Contains("the node stops", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_WebSocket_carries_the_same_events_and_resumes_by_cursor()
    {
        using var first = await SocketAsync("?after=0");
        await _node.CreateAsync("""{"title":"one"}""");
        await _node.CreateAsync("""{"title":"two"}""");
        Assert.Equal("hello", Text(await MessageAsync(first), "name"));
        var one = await MessageAsync(first);

        using var second = await SocketAsync("?after=" + Text(one, "cursor"));
        await MessageAsync(second);
        var two = await MessageAsync(second);

        Assert.Equal(("task_created", "one"), (Text(one, "name"), Text(one.GetProperty("data"), "title")));
        Assert.Equal("two", Text(two.GetProperty("data"), "title"));
        await second.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, second.CloseStatus);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_page_of_another_site_gets_no_WebSocket_and_a_plain_request_is_told_so()
    {
        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Origin", "https://evil.example");

        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(SocketAddress(""), Token));
        (await _node.Bridge.GetAsync("/api/v1/events/ws")).IsProblem(400, "invalid");
    }

    // Broken on purpose: an event of the agent taken from both lists.
    [Fact]
    public void Every_event_of_the_domain_has_a_name_outside_or_is_internal()
    {
        var written = TaskRegistryBehavior.Json.Events.Names.Concat(AgentBehavior.Json.Events.Names)
            .Concat(KeysBehavior.Json.Events.Names).Concat(AuditBehavior.Json.Events.Names).Concat(DetectorBehavior.Json.Events.Names).Concat(PoolBehavior.Json.Events.Names).Concat(PolicyBehavior.Json.Events.Names).Order().ToList();

        Assert.Equal(written, EventNames.Shown.Keys.Concat(EventNames.Internal).Order());
        Assert.All(EventNames.Shown.Values, name => Assert.Matches("^[a-z]+(_[a-z]+)+$", name));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static IEnumerable<string> Names(IEnumerable<JsonElement> told) => told.Select(each => Text(each, "name"));

    private Uri SocketAddress(string query) => new($"ws://{_node.Bridge.Address.Authority}/api/v1/events/ws{query}");

    private async Task<ClientWebSocket> SocketAsync(string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(SocketAddress(query), Token);
        return socket;
    }

    private static async Task<JsonElement> MessageAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var heard = await socket.ReceiveAsync(buffer, Token);
        return JsonDocument.Parse(buffer.AsMemory(0, heard.Count)).RootElement;
    }
}
