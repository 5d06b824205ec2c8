namespace AgentCluster.Tests.Bridge;

/// <summary>What one has seen of a thing, and what became of it since.</summary>
public sealed class EtagTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    private BridgeUnderTest Bridge => _node.Bridge;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_created_thing_comes_with_the_tag_of_its_version()
    {
        Assert.Equal("\"1\"", (await Bridge.PostAsync("/api/v1/tasks/", """{"title":"t"}""")).Is(201).ETag);
        Assert.Equal("\"1\"", (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201).ETag);
        Assert.Equal("\"2\"", (await Bridge.PutAsync("/api/v1/agents/ada", """{"kind":"coder"}""")).Is(200).ETag);
    }

    [Fact]
    public async Task What_one_has_seen_is_not_sent_again()
    {
        var path = $"/api/v1/tasks/{await _node.CreateAsync("""{"title":"t"}""")}/";
        var tag = (await Bridge.GetAsync(path)).Is(200).ETag!;
        Assert.StartsWith("\"1-", tag, StringComparison.Ordinal);

        foreach (var seen in (string[])[tag, $"\"x\", {tag}", "W/" + tag, "*"])
        {
            var heard = (await IfNoneMatchAsync(path, seen)).Is(304);
            Assert.Empty(heard.Text);
            Assert.Equal(tag, heard.ETag);
        }

        (await IfNoneMatchAsync(path, "\"1\"")).Is(200);
    }

    // Broken on purpose: a tag made of the version alone (304 while the task has become ready).
    [Fact]
    public async Task What_changes_without_the_things_own_doing_is_sent()
    {
        var first = await _node.CreateAsync("""{"title":"first"}""");
        var second = await _node.CreateAsync($$"""{"title":"second","depends_on":["{{first}}"]}""");
        var blocked = (await Bridge.GetAsync($"/api/v1/tasks/{second}/")).Is(200);
        var (task, token) = await _node.ClaimAsync("ada");
        (await Bridge.PostAsync($"/api/v1/tasks/{task}/complete/", $$"""{"token":{{token}},"result_summary":"s"}""")).Is(200);

        var free = (await IfNoneMatchAsync($"/api/v1/tasks/{second}/", blocked.ETag!)).Is(200);

        Assert.Equal(blocked.Json.GetProperty("version").GetInt64(), free.Json.GetProperty("version").GetInt64());
        Assert.Equal(("blocked", "pending"), (blocked.Json.GetProperty("status").GetString(), free.Json.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1")]
    [InlineData("1, 2")]
    [InlineData("\"a\" \"b\"")]
    [InlineData(",,;")]
    public async Task An_If_None_Match_that_is_none_is_named(string header)
    {
        var heard = (await IfNoneMatchAsync("/api/v1/agents/ada", header)).IsProblem(400, "invalid");

        Assert.True(heard.Json.GetProperty("errors").TryGetProperty("If-None-Match", out _), heard.Text);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7")]
    [InlineData("W/\"7\"")]
    [InlineData("\"1\", \"2\"")]
    public async Task An_If_Match_that_is_none_is_named_and_changes_nothing(string header)
    {
        await Bridge.PutAsync("/api/v1/agents/ada", "{}");

        var heard = (await Bridge.DeleteAsync("/api/v1/agents/ada", ("If-Match", header))).IsProblem(400, "invalid");

        Assert.True(heard.Json.GetProperty("errors").TryGetProperty("If-Match", out _), heard.Text);
        (await Bridge.GetAsync("/api/v1/agents/ada")).Is(200);
    }

    // Broken on purpose: the agent's version not handed on from the call (200 and 204).
    [Fact]
    public async Task Who_has_seen_an_older_agent_changes_nothing_and_hears_the_version_now()
    {
        var seen = (await Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201).ETag!;
        (await Bridge.PutAsync("/api/v1/agents/ada", """{"kind":"coder"}""", ("If-Match", seen))).Is(200);

        var refused = (await Bridge.PutAsync("/api/v1/agents/ada", """{"kind":"tester"}""", ("If-Match", seen))).IsProblem(412, "version_mismatch");
        (await Bridge.DeleteAsync("/api/v1/agents/ada", ("If-Match", "\"nobody-gave-it\""))).IsProblem(412, "version_mismatch");

        Assert.Equal(2, refused.Json.GetProperty("current_version").GetInt64());
        var now = (await Bridge.GetAsync("/api/v1/agents/ada")).Is(200);
        Assert.Equal("coder", now.Json.GetProperty("kind").GetString());
        (await Bridge.DeleteAsync("/api/v1/agents/ada", ("If-Match", now.ETag!))).Is(204);
    }

    // Broken on purpose: If-Match read only where it is taken (200, and the caller believes that it was looked at).
    [Fact]
    public async Task An_If_Match_is_refused_where_versions_are_not_looked_at()
    {
        var heard = (await Bridge.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""", ("If-Match", "\"1\""))).IsProblem(400, "invalid");

        Assert.True(heard.Json.GetProperty("errors").TryGetProperty("If-Match", out _), heard.Text);
    }

    private Task<Heard> IfNoneMatchAsync(string path, string seen) =>
        Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Get, path, null, ("If-None-Match", seen)));
}
