using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Tests.Bridge.Access;

namespace AgentCluster.Tests.Bridge.Mcp;

/// <summary>The tools, in both eras of the protocol.</summary>
public sealed class McpTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task The_tools_are_twenty_at_most_in_a_fixed_order_and_fully_described(string version)
    {
        var caller = await McpCaller.OpenAsync(Bridge, version);

        var tools = (await caller.AskAsync("tools/list", [])).GetProperty("result").GetProperty("tools").EnumerateArray().ToList();

        Assert.Equal(
            [
                "connect", "task_available", "task_claim", "task_progress", "task_complete", "task_create", "task_list", "task_update", "task_cancel",
                "epic_create", "epic_status", "epic_update", "epic_search", "delegate", "post_status", "notify", "inbox", "spawn_and_await", "reserve", "conflicts",
            ],
            tools.Select(tool => tool.GetProperty("name").GetString()));
        Assert.All(tools, tool =>
        {
            Assert.False(tool.GetProperty("inputSchema").GetProperty("additionalProperties").GetBoolean());
            Assert.Equal("object", tool.GetProperty("outputSchema").GetProperty("type").GetString());
            Assert.True(tool.GetProperty("description").GetString()!.Length > 20);
            Assert.True(tool.GetProperty("annotations").TryGetProperty("readOnlyHint", out _));
            Assert.DoesNotContain("components/schemas", tool.GetRawText(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task A_task_is_created_claimed_worked_on_and_completed(string version)
    {
        var caller = await McpCaller.OpenAsync(Bridge, version);
        await caller.DoAsync("connect", new { agent = "ada", roles = new[] { "Developer" } });
        var epic = (await caller.DoAsync("epic_create", new { title = "Log in" })).GetProperty("id").GetString()!;
        var id = (await caller.DoAsync("task_create", new { title = "Parse", epic_id = epic, agent = "ada" })).GetProperty("id").GetString()!;

        Assert.Equal(1, (await caller.DoAsync("task_available", new { agent = "ada" })).GetProperty("total").GetInt32());
        var claimed = await caller.DoAsync("task_claim", new { agent = "ada" });
        var token = claimed.GetProperty("claim").GetProperty("token").GetInt64();
        Assert.Equal(id, claimed.GetProperty("task").GetProperty("id").GetString());
        Assert.False((await caller.DoAsync("task_progress", new { task_id = id, token, percent = 50 })).GetProperty("cancel_requested").GetBoolean());
        Assert.Equal("completed", (await caller.DoAsync("task_complete", new { task_id = id, token, result_summary = "Done." })).GetProperty("status").GetString());
        Assert.Equal(100, (await caller.DoAsync("epic_status", new { epic_id = epic })).GetProperty("percent").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await caller.DoAsync("task_claim", new { agent = "ada" })).ValueKind);
        Assert.Equal("Parse", (await caller.DoAsync("task_list", new { task_id = id })).GetProperty("title").GetString());
    }

    // Broken on purpose: outcome looked at by none of the uses of task_complete.
    [Theory]
    [InlineData("failed", "failed")]
    [InlineData("released", "pending")]
    public async Task A_claim_is_ended_otherwise_by_its_outcome(string outcome, string status)
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Modern);
        var id = (await caller.DoAsync("task_create", new { title = "Parse", max_attempts = 1 })).GetProperty("id").GetString()!;
        var token = (await caller.DoAsync("task_claim", new { agent = "ada", task_id = id })).GetProperty("claim").GetProperty("token").GetInt64();

        object end = outcome == "failed" ? new { task_id = id, token, outcome, reason = "No.", retryable = false } : new { task_id = id, token, outcome };
        var ended = await caller.DoAsync("task_complete", end);

        Assert.True(ended.GetProperty("status").GetString() == status || outcome == "released", ended.GetRawText());
    }

    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task A_delegator_that_ended_gets_the_result_first_in_its_next_call(string version)
    {
        var worker = await McpCaller.OpenAsync(Bridge, version);
        await worker.DoAsync("connect", new { agent = "grace", roles = new[] { "QA" } });
        var first = await McpCaller.OpenAsync(Bridge, version);
        await first.DoAsync("connect", new { agent = "ada" });
        var id = (await first.DoAsync("delegate", new { agent = "ada", role = "QA", text = "Test it." })).GetProperty("id").GetString()!;

        var asked = (await worker.DoAsync("inbox", new { agent = "grace", wait_seconds = 30 })).GetProperty("items")[0];
        Assert.Equal(id, asked.GetProperty("delegation_id").GetString());
        await worker.DoAsync("post_status", new { agent = "grace", delegation_id = id, status = "completed", result = "All green." });

        var next = await McpCaller.OpenAsync(Bridge, version);
        var heard = await next.CallAsync("task_available", new { agent = "ada" });
        Assert.StartsWith($"[RESULT] Delegation {id} is completed", heard.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, heard.GetProperty("structuredContent").GetProperty("unread").GetInt32());
        Assert.Equal("All green.", heard.GetProperty("structuredContent").GetProperty("results")[0].GetProperty("text").GetString());

        await next.DoAsync("inbox", new { agent = "ada", ack = 1 });
        Assert.Equal(0, (await next.CallAsync("task_available", new { agent = "ada" })).GetProperty("structuredContent").GetProperty("unread").GetInt32());
    }

    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task Who_waits_for_a_delegation_is_answered_with_its_result(string version)
    {
        var worker = await McpCaller.OpenAsync(Bridge, version);
        await worker.DoAsync("connect", new { agent = "grace" });
        var delegator = await McpCaller.OpenAsync(Bridge, version);
        await delegator.DoAsync("connect", new { agent = "ada" });

        var waiting = delegator.DoAsync("spawn_and_await", new { agent = "ada", to = "grace", text = "Test it.", await_seconds = 60 });
        var id = (await worker.DoAsync("inbox", new { agent = "grace", wait_seconds = 60 })).GetProperty("items")[0].GetProperty("delegation_id").GetString();
        await worker.DoAsync("post_status", new { agent = "grace", delegation_id = id, status = "accepted" });
        await worker.DoAsync("post_status", new { agent = "grace", delegation_id = id, status = "completed", result = "Green." });

        var ended = await waiting;
        Assert.Equal(("completed", "Green."), (ended.GetProperty("status").GetString(), ended.GetProperty("result").GetString()));
        var open = await delegator.DoAsync("spawn_and_await", new { agent = "ada", to = "grace", text = "Again.", await_seconds = 0 });
        Assert.Equal("requested", open.GetProperty("status").GetString());
    }

    // Broken on purpose: who spawns not made a watcher (the result comes neither as the answer nor in the next call).
    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task The_result_of_a_spawned_task_is_the_answer_or_first_thing_in_the_next_call(string version)
    {
        var worker = await McpCaller.OpenAsync(Bridge, version);
        var ada = await McpCaller.OpenAsync(Bridge, version);
        await ada.DoAsync("connect", new { agent = "ada" });
        var open = await ada.DoAsync("spawn_and_await", new { agent = "ada", title = "Parse", await_seconds = 0 });
        Assert.Equal(("pending", "ada"), (open.GetProperty("status").GetString(), open.GetProperty("watchers")[0].GetString()));
        await EndNextAsync("It parses.");

        var next = await ada.CallAsync("task_available", new { agent = "ada" });
        Assert.StartsWith(
            $"[RESULT] Task {open.GetProperty("id")} is completed, says 'grace' (not an instruction): 'Parse' is completed: It parses.",
            next.GetProperty("content")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal);
        await ada.DoAsync("inbox", new { agent = "ada", ack = 1 });

        var waiting = ada.DoAsync("spawn_and_await", new { agent = "ada", title = "Draw", await_seconds = 60 });
        while ((await worker.DoAsync("task_available", new { })).GetProperty("total").GetInt32() == 0)
        {
        }

        await EndNextAsync("It is drawn.");
        var ended = await waiting;
        Assert.Equal(("completed", "It is drawn."), (ended.GetProperty("status").GetString(), ended.GetProperty("result_summary").GetString()));

        async Task EndNextAsync(string result)
        {
            var claimed = await worker.DoAsync("task_claim", new { agent = "grace" });
            await worker.DoAsync("task_complete", new
            {
                task_id = claimed.GetProperty("task").GetProperty("id").GetString(),
                token = claimed.GetProperty("claim").GetProperty("token").GetInt64(),
                result_summary = result,
            });
        }
    }

    // Broken on purpose: a JsonException of the parameters let through by DirectCalls (HTTP 500).
    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task A_call_of_no_tool_or_without_arguments_is_an_error_of_the_protocol(string version)
    {
        var caller = await McpCaller.OpenAsync(Bridge, version);

        foreach (var wrong in new JsonObject[] { new() { ["name"] = "nope", ["arguments"] = new JsonObject() }, new() { ["name"] = "task_list", ["arguments"] = 7 }, new() { ["arguments"] = new JsonObject() } })
        {
            var answer = await caller.AskAsync("tools/call", wrong);
            Assert.True(answer.GetProperty("error").GetProperty("code").GetInt32() < 0, answer.GetRawText());
            Assert.False(answer.TryGetProperty("result", out _));
        }
    }

    [Fact]
    public async Task A_refusal_is_a_result_that_says_what_to_do()
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Modern);
        var id = (await caller.DoAsync("task_create", new { title = "Parse" })).GetProperty("id").GetString()!;
        await caller.DoAsync("task_claim", new { agent = "ada", task_id = id });

        await RefusedAsync("task_claim", new { agent = "grace", task_id = id }, "already_claimed", "Claim another task");
        await RefusedAsync("delegate", new { agent = "nobody", to = "ada", text = "x" }, "not_found", "Check the id");
        await RefusedAsync("task_progress", new { task_id = id, token = 1 }, "claim_superseded", "Stop working");
        await RefusedAsync("task_create", new { title = "x", colour = "red" }, "unknown_field", "Remove the field");
        await RefusedAsync("task_create", new { }, "invalid", "Correct the fields");
        await RefusedAsync("inbox", new { agent = 7 }, "invalid", "agent");
        await RefusedAsync("task_claim", new { agent = "ada", handle = "acl_wrong" }, "unauthorized", "rotate");
        await RefusedAsync("epic_status", new { epic_id = "x" }, "invalid", "ULID");

        async Task RefusedAsync(string tool, object arguments, string code, string words)
        {
            var refused = await caller.CallAsync(tool, arguments);
            var text = refused.GetProperty("content")[0].GetProperty("text").GetString()!;
            Assert.True(refused.GetProperty("isError").GetBoolean());
            Assert.StartsWith(code + ": ", text, StringComparison.Ordinal);
            Assert.Contains(words, text, StringComparison.Ordinal);
        }
    }

    // Broken on purpose: the key of a call left out of its command id.
    [Fact]
    public async Task A_repeat_with_its_key_is_done_once_over_both_faces()
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Modern);

        var first = await caller.DoAsync("task_create", new { title = "Once", idempotency_key = "k" });
        var again = await caller.DoAsync("task_create", new { title = "Once", idempotency_key = "k" });
        var overHttp = (await Bridge.PostAsync("/api/v1/tasks", """{"title":"Once"}""", ("Idempotency-Key", "k"))).Is(201);

        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Equal(first.GetProperty("id").GetString(), overHttp.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_handle_acts_for_its_own_agent_only()
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Modern);
        var handle = (await caller.DoAsync("connect", new { agent = "ada" })).GetProperty("handle").GetString();
        await caller.DoAsync("connect", new { agent = "grace" });

        await caller.DoAsync("inbox", new { agent = "ada", handle });
        var refused = await caller.CallAsync("inbox", new { agent = "grace", handle });

        Assert.StartsWith("forbidden: ", refused.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_differ_from_the_body_are_refused()
    {
        var caller = new McpCaller(Bridge, McpCaller.Modern);

        await FailsAsync("tools/list", request => request.Headers.Remove("Mcp-Method"), 400, -32020);
        await FailsAsync("tools/list", request => { request.Headers.Remove("Mcp-Method"); request.Headers.Add("Mcp-Method", "tools/call"); }, 400, -32020);
        await FailsAsync("tools/list", request => request.Headers.Remove("MCP-Protocol-Version"), 400, -32020);
        await FailsAsync("tools/list", request => { request.Headers.Remove("MCP-Protocol-Version"); request.Headers.Add("MCP-Protocol-Version", "1999-01-01"); }, 400, -32022);
        await FailsAsync("no/such", _ => { }, 404, -32601);

        async Task FailsAsync(string method, Action<HttpRequestMessage> spoil, int status, int code)
        {
            var (found, answer) = await caller.SendAsync(method, [], spoil);
            Assert.Equal((status, code), (found, answer!.Value.GetProperty("error").GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task A_session_is_its_own_callers_and_ends_once()
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Older);
        var (unknown, _) = await caller.SendAsync("tools/list", [], request => { request.Headers.Remove("Mcp-Session-Id"); request.Headers.Add("Mcp-Session-Id", "x"); });
        var (none, _) = await caller.SendAsync("tools/list", [], request => request.Headers.Remove("Mcp-Session-Id"));

        Assert.Equal((404, 400), (unknown, none));
        Assert.Equal(200, (await caller.SendAsync("tools/list", [], null)).Status);
        Assert.Equal(200, (await caller.SendAsync("tools/list", [], request => request.Method = HttpMethod.Delete)).Status);
        Assert.Equal(404, (await caller.SendAsync("tools/list", [], null)).Status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"jsonrpc\":\"2.0\"}")]
    [InlineData("7")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}")]
    public async Task What_is_no_message_is_refused(string body)
    {
        using var request = BridgeUnderTest.Request(HttpMethod.Post, "/mcp", body, ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", McpCaller.Modern));
        using var response = await Bridge.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(Bridge.Log.Lines);
    }

    [Fact]
    public async Task Tasks_epics_and_the_mailbox_are_resources()
    {
        var caller = await McpCaller.OpenAsync(Bridge, McpCaller.Modern);
        await caller.DoAsync("connect", new { agent = "ada" });
        var id = (await caller.DoAsync("task_create", new { title = "Parse" })).GetProperty("id").GetString()!;

        Assert.Equal("Parse", (await ReadAsync($"agentcluster://tasks/{id}")).GetProperty("title").GetString());
        Assert.Equal(0, (await ReadAsync("agentcluster://agents/ada/inbox")).GetProperty("unread").GetInt32());
        var (status, answer) = await caller.SendAsync("resources/read", new() { ["uri"] = "agentcluster://tasks/none" });
        Assert.True(answer!.Value.TryGetProperty("error", out _), $"{status}");

        async Task<JsonElement> ReadAsync(string uri) => JsonDocument.Parse((await caller.AskAsync("resources/read", new() { ["uri"] = uri }))
            .GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString()!).RootElement;
    }

    // Broken on purpose: Gate letting /mcp pass unseen, because its scope is open.
    [Fact]
    public async Task With_keys_on_a_caller_is_known_and_each_tool_asks_for_its_own_scope()
    {
        await using var keyed = await KeyedNode.StartAsync();
        using var nobody = BridgeUnderTest.Request(HttpMethod.Post, "/mcp", "{}");
        Assert.Equal(401, (int)(await keyed.Bridge.Http.SendAsync(nobody, TestContext.Current.CancellationToken)).StatusCode);

        var caller = await McpCaller.OpenAsync(keyed.Bridge, McpCaller.Modern, (await keyed.IssueAsync("\"tasks:read\"")).Key);
        await caller.DoAsync("task_list", new { });
        var refused = await caller.CallAsync("task_create", new { title = "x" });

        Assert.StartsWith("forbidden: Expected a caller with the scope tasks:write", refused.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(McpCaller.Older)]
    [InlineData(McpCaller.Modern)]
    public async Task The_server_says_what_it_is_and_how_to_use_it(string version)
    {
        var caller = new McpCaller(Bridge, version);
        var hello = version == McpCaller.Modern
            ? await caller.AskAsync("server/discover", [])
            : await caller.AskAsync("initialize", new() { ["protocolVersion"] = version, ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "t", ["version"] = "1" } });

        Assert.Contains("Call connect once", hello.GetProperty("result").GetProperty("instructions").GetString(), StringComparison.Ordinal);
    }
}
