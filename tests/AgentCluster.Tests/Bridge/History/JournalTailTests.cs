using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Tests.Cli;

namespace AgentCluster.Tests.Bridge.History;

/// <summary>The end of the journal, over HTTP and with pbm.</summary>
public sealed class JournalTailTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: each shard read once only; of a busy one the older events are missing.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task The_last_events_of_all_shards_are_shown_oldest_first(int limit)
    {
        for (var i = 0; i < 180; i++)
        {
            // Nearly all in one shard, so that the last ones of all are nowhere near a few of each.
            await _node.CreateAsync($$"""{"title":"Task {{i}}","project":"{{(i % 20 == 0 ? $"p{i}" : "busy")}}"}""");
        }

        var all = await StoredAsync();
        var shown = (await _node.Bridge.GetAsync($"/api/v1/cluster/journal/?limit={limit}")).Is(200).Json;

        Assert.Equal(all.TakeLast(limit).Select(Place), Items(shown));
        Assert.Equal(all.Count, shown.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_shards_last_events_are_its_own()
    {
        await _node.CreateAsync("""{"title":"One"}""");
        await _node.CreateAsync("""{"title":"Two"}""");
        var last = (await StoredAsync())[^1];

        var shown = (await _node.Bridge.GetAsync($"/api/v1/cluster/journal/?shard={last.Shard}&limit=1")).Is(200).Json.GetProperty("items")[0];

        Assert.Equal(("registry/default", "task-created.v1"), (shown.GetProperty("actor").GetString(), shown.GetProperty("name").GetString()));
        Assert.Contains("Two", shown.GetProperty("data").GetRawText(), StringComparison.Ordinal);
        (await _node.Bridge.GetAsync("/api/v1/cluster/journal/?limit=201")).IsProblem(400, "invalid");
    }

    [Fact]
    public async Task Pbm_shows_a_line_for_each()
    {
        await _node.CreateAsync("""{"title":"One"}""");

        var ran = (await Ran.OfAsync(_node.Bridge.Address, "journal", "tail", "--limit", "5")).IsDone();

        Assert.Contains("task-created.v1", ran.Data, StringComparison.Ordinal);
    }

    private static string Place(StoredEvent stored) => $"{stored.Shard}.{stored.Sequence}";

    private static IEnumerable<string> Items(JsonElement shown) => shown.GetProperty("items").EnumerateArray()
        .Select(item => $"{item.GetProperty("shard").GetInt32()}.{item.GetProperty("sequence").GetInt64()}");

    private async Task<List<StoredEvent>> StoredAsync()
    {
        List<StoredEvent> all = [];
        for (var shard = 0; shard < 16; shard++)
        {
            all.AddRange(await _node.Store.ReadEventsAsync(shard, 0, 10_000, CancellationToken.None));
        }

        return [.. all.OrderBy(stored => stored.At).ThenBy(stored => stored.Shard).ThenBy(stored => stored.Sequence)];
    }
}
