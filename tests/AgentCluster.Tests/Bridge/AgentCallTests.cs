using System.Text.Json;

namespace AgentCluster.Tests.Bridge;

/// <summary>Every call on agents, their handles, and what a handle allows.</summary>
public sealed class AgentCallTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_registration_shows_its_handle_once()
    {
        var created = (await Bridge.PutAsync("/api/v1/agents/ada", """
            {"name":"Ada","roles":["QA"],"capabilities":["csharp"],"kind":"mcp","max_concurrent":2,"heartbeat_ttl_seconds":30,"metadata":{"a":1}}
            """)).Is(201);

        Assert.StartsWith("acl_", created.Json.GetProperty("handle").GetString(), StringComparison.Ordinal);
        Assert.Equal("/api/v1/agents/ada", created.Location!.ToString());
        Assert.Equal(("Ada", "idle", true, 30), (
            created.Json.GetProperty("name").GetString(),
            created.Json.GetProperty("presence").GetString(),
            created.Json.GetProperty("online").GetBoolean(),
            created.Json.GetProperty("heartbeat_ttl_seconds").GetInt32()));
        Assert.Equal("""{"a":1}""", created.Json.GetProperty("metadata").GetRawText());

        var again = (await Bridge.PutAsync("/api/v1/agents/ada/", """{"name":"Ada L."}""")).Is(200);
        Assert.False(again.Json.TryGetProperty("handle", out _));
        Assert.Equal("Ada L.", (await Bridge.GetAsync("/api/v1/agents/ada")).Is(200).Json.GetProperty("name").GetString());
        Assert.False((await Bridge.GetAsync("/api/v1/agents/ada/")).Json.TryGetProperty("handle", out _));
    }

    [Fact]
    public async Task A_repeat_of_the_creating_call_gives_the_same_handle_and_status_again()
    {
        var first = (await Bridge.PutAsync("/api/v1/agents/ada", """{"name":"Ada"}""", ("Idempotency-Key", "k1"))).Is(201);

        var repeat = (await Bridge.PutAsync("/api/v1/agents/ada/", """{ "name" : "Ada" }""", ("Idempotency-Key", "k1"))).Is(201);

        Assert.Equal(first.Text, repeat.Text);
        Assert.Equal(first.Location, repeat.Location);
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"name":"Eve"}""", ("Idempotency-Key", "k1"))).IsProblem(422, "idempotency_mismatch");
    }

    // Broken on purpose: Callers.WhoAsync accepting any handle that names an agent.
    [Fact]
    public async Task Only_the_current_handle_is_right()
    {
        var old = (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201).Json.GetProperty("handle").GetString()!;
        (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat/", "{}", ("Authorization", "Bearer " + old))).Is(200);
        var fresh = (await Bridge.PutAsync("/api/v1/agents/ada", """{"rotate":true}""", ("Authorization", "Bearer " + old))).Is(200).Json.GetProperty("handle").GetString()!;

        Assert.NotEqual(old, fresh);
        (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat/", "{}", ("Authorization", "Bearer " + fresh))).Is(200);
        foreach (var wrong in (string[])[old, fresh + "x", fresh[..^1], "acl_", "acl_.", "acl_x.y", "acl_YWRh." + new string('A', 43), "nonsense", ""])
        {
            (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat/", "{}", ("Authorization", "Bearer " + wrong))).IsProblem(401, "unauthorized");
        }

        (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat/", "{}", ("Authorization", "Basic YTpi"))).IsProblem(401, "unauthorized");
        (await Bridge.GetAsync("/api/v1/agents/ada")).Is(200);
    }

    [Fact]
    public async Task A_handle_allows_nothing_in_the_name_of_another_agent()
    {
        var ada = (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201).Json.GetProperty("handle").GetString()!;
        (await Bridge.PutAsync("/api/v1/agents/bob", "{}")).Is(201);
        await _node.CreateAsync("""{"title":"t"}""");
        var asAda = ("Authorization", "Bearer " + ada);

        (await Bridge.PutAsync("/api/v1/agents/bob", "{}", asAda)).IsProblem(403, "forbidden");
        (await Bridge.PutAsync("/api/v1/agents/eve", "{}", asAda)).IsProblem(403, "forbidden");
        (await Bridge.PostAsync("/api/v1/agents/bob/heartbeat/", "{}", asAda)).IsProblem(403, "forbidden");
        (await Bridge.DeleteAsync("/api/v1/agents/bob", asAda)).IsProblem(403, "forbidden");
        (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"bob"}""", asAda)).IsProblem(403, "forbidden");

        var claimed = (await Bridge.PostAsync("/api/v1/tasks/claim/", "{}", asAda)).Is(200);
        Assert.Equal("ada", claimed.Json.GetProperty("claim").GetProperty("agent").GetString());
    }

    [Fact]
    public async Task Who_acts_must_be_named_where_no_handle_says_it() =>
        (await Bridge.PostAsync("/api/v1/tasks/claim/", "{}")).IsProblem(400, "invalid");

    // Broken on purpose: Registration writing the handle into the agent's kind.
    [Fact]
    public async Task The_handle_is_in_no_row_and_no_event()
    {
        var handle = (await Bridge.PutAsync("/api/v1/agents/canary", """{"name":"the canary"}""", ("Idempotency-Key", "k"))).Is(201).Json.GetProperty("handle").GetString()!;
        (await Bridge.PostAsync("/api/v1/agents/canary/heartbeat/", "{}", ("Authorization", "Bearer " + handle), ("Idempotency-Key", "k2"))).Is(200);

        var everything = await _node.DumpAsync();

        Assert.Contains("the canary", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("acl_", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(handle[(handle.IndexOf('.', StringComparison.Ordinal) + 1)..], everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heartbeat_tells_what_is_held_and_what_was_cancelled()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"max_concurrent":2}""")).Is(201);
        await _node.CreateAsync("""{"title":"a"}""");
        await _node.CreateAsync("""{"title":"b"}""");
        var (first, firstToken) = await _node.ClaimAsync("ada");
        var (second, _) = await _node.ClaimAsync("ada");

        var busy = (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat/", "{}")).Is(200).Json;
        Assert.Equal(("busy", 0, 2), (busy.GetProperty("presence").GetString(), busy.GetProperty("unread").GetInt32(), busy.GetProperty("leases").GetArrayLength()));
        var lease = busy.GetProperty("leases").EnumerateArray().Single(one => one.GetProperty("task_id").GetString() == first);
        Assert.Equal(firstToken, lease.GetProperty("token").GetInt64());
        Assert.True(lease.GetProperty("lease_expires_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);

        (await Bridge.PostAsync($"/api/v1/tasks/{second}/cancel/", "{}")).Is(200);
        var idle = (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat", "{}")).Is(200).Json;
        Assert.Equal("idle", idle.GetProperty("presence").GetString());
        Assert.True(idle.GetProperty("leases").EnumerateArray().Single(one => one.GetProperty("task_id").GetString() == second).GetProperty("cancel_requested").GetBoolean());
    }

    [Fact]
    public async Task Agents_are_listed_by_role_capability_and_presence()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"roles":["QA","PM"],"capabilities":["rust"],"max_concurrent":1}""")).Is(201);
        (await Bridge.PutAsync("/api/v1/agents/bob", """{"roles":["QA"]}""")).Is(201);
        await _node.CreateAsync("""{"title":"t"}""");
        await _node.ClaimAsync("ada");

        async Task<string> Ids(string query) => string.Join(",", (await Bridge.GetAsync("/api/v1/agents/" + query)).Is(200).Json
            .GetProperty("items").EnumerateArray().Select(agent => agent.GetProperty("id").GetString()));

        Assert.Equal("ada,bob", await Ids(""));
        Assert.Equal("ada", await Ids("?role=PM"));
        Assert.Equal("ada", await Ids("?capability=rust"));
        Assert.Equal("ada", await Ids("?presence=busy"));
        Assert.Equal("bob", await Ids("?presence=idle"));
        Assert.Equal("", await Ids("?presence=offline"));
        Assert.Equal("bob", await Ids("?limit=1&offset=1"));
        (await Bridge.GetAsync("/api/v1/agents/?presence=asleep")).IsProblem(400, "invalid");
    }

    [Fact]
    public async Task A_deregistered_agent_is_gone_and_its_claims_are_free()
    {
        (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201);
        var id = await _node.CreateAsync("""{"title":"t"}""");
        await _node.ClaimAsync("ada");

        var gone = (await Bridge.DeleteAsync("/api/v1/agents/ada", ("Idempotency-Key", "bye"))).Is(204);
        Assert.Equal("", gone.Text);
        (await Bridge.DeleteAsync("/api/v1/agents/ada/", ("Idempotency-Key", "bye"))).Is(204);
        (await Bridge.DeleteAsync("/api/v1/agents/ada")).IsProblem(404, "not_found");
        (await Bridge.GetAsync("/api/v1/agents/ada")).IsProblem(404, "not_found");
        (await Bridge.PostAsync("/api/v1/agents/ada/heartbeat", "{}")).IsProblem(404, "not_found");

        // The registry hears of it by message: asking for the task until it is there again needs no clock.
        Heard claimed;
        do
        {
            claimed = await Bridge.PostAsync($"/api/v1/tasks/{id}/claim/", """{"agent":"bob"}""");
        }
        while (claimed.Status == 409);
        Assert.Equal(200, claimed.Status);
    }

    [Fact]
    public async Task Names_may_be_of_any_script_and_hold_a_slash()
    {
        foreach (var id in (string[])["世界", "a/b", "a b", "ä.ö-ü_", "%"])
        {
            var escaped = Uri.EscapeDataString(id);
            (await Bridge.PutAsync($"/api/v1/agents/{escaped}", "{}")).Is(201);
            Assert.Equal(id, (await Bridge.GetAsync($"/api/v1/agents/{escaped}/")).Is(200).Json.GetProperty("id").GetString());
        }
    }

    [Theory]
    [InlineData("a%0ab")]
    [InlineData("%1b")]
    public async Task A_name_with_control_characters_is_refused(string id) =>
        (await Bridge.PutAsync($"/api/v1/agents/{id}", "{}")).IsProblem(400, "invalid");

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        (await Bridge.PutAsync($"/api/v1/agents/{new string('a', 129)}", "{}")).IsProblem(400, "invalid");
        (await Bridge.PutAsync($"/api/v1/agents/{new string('a', 128)}", "{}")).Is(201);
    }

    // Broken on purpose: Signs.HolderSeen and HolderSeenAsync doing nothing.
    [Theory]
    [InlineData("progress", "{}")]
    [InlineData("complete", """{"result_summary":"s"}""")]
    [InlineData("fail", """{"reason":"r"}""")]
    [InlineData("release", "{}")]
    public async Task A_call_with_nothing_but_a_token_is_a_sign_of_life_of_its_holder(string call, string rest)
    {
        await _node.CreateAsync("""{"title":"t"}""");
        var (task, token) = await _node.ClaimAsync("ada");
        var before = await TurnsAsync();

        (await Bridge.PostAsync($"/api/v1/tasks/{task}/{call}/", rest == "{}" ? $$"""{"token":{{token}}}""" : $$"""{"token":{{token}},{{rest[1..]}}""")).Is(200);

        Assert.True(await TurnsAsync() > before, $"The agent's actor heard nothing of {call}.");
    }

    private async Task<long> TurnsAsync() => (await _node.Actors.InspectAsync(new("agent", "ada"), TestContext.Current.CancellationToken))!.Turns;
}
