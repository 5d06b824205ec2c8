using AgentCluster.Tests.Bridge.Live;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>Who may listen, and for how long.</summary>
public sealed class EventAccessTests : IAsyncLifetime
{
    private KeyedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await KeyedNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: a stream that never asks again.
    [Fact(Timeout = 30_000)]
    public async Task A_key_that_is_revoked_hears_nothing_more()
    {
        var (id, key) = await _node.IssueAsync("\"events:read\"");
        using var events = await EventReader.OpenAsync(_node.Bridge, bearer: key);
        await _node.Trusting.CreateAsync("""{"title":"heard"}""");
        while ((await events.NextAsync())!.Value.GetProperty("name").GetString() != "task_created")
        {
        }

        (await _node.Trusting.Bridge.DeleteAsync($"/api/v1/keys/{id}")).Is(204);
        _node.Clock.Pass(TimeSpan.FromSeconds(1));

        Assert.Null(await events.NextAsync());
        Assert.Contains(events.Comments, comment => comment.Contains("not good any more", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_key_of_one_project_hears_that_project_only()
    {
        var (_, key) = await _node.IssueAsync("\"events:read\"", ""","project":"apollo" """);
        foreach (var query in (string[])["", "?channels=project:other", "?channels=project:apollo,project:other", "?channels=agent:ada"])
        {
            (await _node.AskAsync("GET", "/api/v1/events/" + query, null, key)).IsProblem(403, "forbidden");
        }

        using var events = await EventReader.OpenAsync(_node.Bridge, "?channels=project:apollo", bearer: key);
        await _node.Trusting.CreateAsync("""{"title":"hidden","project":"other"}""");
        await _node.Trusting.CreateAsync("""{"title":"shown","project":"apollo"}""");

        Assert.Equal("shown", (await events.NextAsync())!.Value.GetProperty("data").GetProperty("title").GetString());
    }
}
