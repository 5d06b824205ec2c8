using System.Text;
using AgentCluster.Actors;
using AgentCluster.Bridge.Live;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Bridge.Live;

/// <summary>The feed by itself, on a store in memory and a clock that stands still.</summary>
public sealed class LiveFeedTests : IJournalSignal, IAsyncDisposable
{
    private static readonly ActorId Registry = new("registry", "apollo");
    private readonly VirtualClock _clock = new();
    private readonly MemoryStore _memory;
    private readonly FaultyStore _store;
    private readonly LiveFeed _feed;
    private readonly Dictionary<int, ShardLease> _leases = [];
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _titles;

    public LiveFeedTests()
    {
        _memory = new([], _clock);
        _store = new(_memory, _clock);
        _feed = new(_store, this, _clock, TaskCreationOptions.RunContinuationsAsynchronously, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _memory.DisposeAsync();
    }

    public Task NextWrite => Volatile.Read(ref _written).Task;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: a ring without a bound.
    [Fact(Timeout = 30_000)]
    public async Task Who_takes_nothing_is_cut_off_at_the_bound_and_resumes_without_a_gap()
    {
        using var stuck = await SubscribeAsync(null);
        using var busy = await SubscribeAsync(null);
        // One that still catches up holds nothing of the feed, and is not cut off.
        await GoAlongAsync(stuck);
        await WriteAsync(1, 3);
        List<long> heard = [];
        Assert.Equal(SubscriptionState.Open, await DrainAsync(stuck, heard, 3));
        List<long> all = [];
        await DrainAsync(busy, all, 3);

        for (var i = 0; i < 40; i++)
        {
            await WriteAsync(1, 250);
            await DrainAsync(busy, all, 3 + (250 * (i + 1)));
        }

        await stuck.Cut.WaitAsync(Token);
        Assert.False(busy.IsCutOff);
        Assert.Equal(SubscriptionState.Behind, await DrainAsync(stuck, heard, int.MaxValue));
        Assert.Equal([1L, 2, 3], heard);
        Assert.Equal(Enumerable.Range(1, 10_003).Select(i => (long)i), all);

        using var resumed = await SubscribeAsync(new(1, new(0, heard[^1])));
        await DrainAsync(resumed, heard, 10_003);
        Assert.Equal(all, heard);
    }

    // Broken on purpose: a subscription that joined although the ring had lost what came after its mark.
    [Fact(Timeout = 30_000)]
    public async Task A_resumed_consumer_that_is_overtaken_while_it_catches_up_goes_on_in_the_journal()
    {
        using var awake = await SubscribeAsync(null);
        await WriteAsync(1, 600);
        await DrainAsync(awake, [], 600);
        using var late = await SubscribeAsync(new(1, JournalCursor.Start));
        List<long> heard = [];
        await DrainAsync(late, heard, 256);

        List<long> others = [];
        for (var i = 0; i < 40; i++)
        {
            await WriteAsync(1, 250);
            await DrainAsync(awake, others, 250 * (i + 1));
        }

        await DrainAsync(late, heard, 10_600);

        Assert.Equal(Enumerable.Range(1, 10_600).Select(i => (long)i), heard);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_another_node_writes_is_found_without_a_signal()
    {
        using var subscription = await SubscribeAsync(null);
        List<Frame> frames = [];
        var waiting = subscription.NextAsync(frames, TimeSpan.FromSeconds(10), Token).AsTask();
        await waiting;
        waiting = subscription.NextAsync(frames, TimeSpan.FromSeconds(10), Token).AsTask();

        await WriteAsync(3, 1, isOwn: false);
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        List<long> heard = [];
        await DrainAsync(subscription, heard, 1);
        Assert.Equal([1L], heard);
    }

    // Broken on purpose: a page sorted by time alone.
    [Fact(Timeout = 30_000)]
    public async Task A_clock_that_goes_back_does_not_change_the_order_of_a_shard()
    {
        await WriteAsync(1, 2, at: _clock.GetUtcNow());
        await WriteAsync(1, 2, at: _clock.GetUtcNow() - TimeSpan.FromHours(1));
        await WriteAsync(2, 2, at: _clock.GetUtcNow() - TimeSpan.FromMinutes(30));
        using var subscription = await SubscribeAsync(new(1, JournalCursor.Start));
        List<Frame> frames = [];
        while (frames.Count == 0)
        {
            await subscription.NextAsync(frames, TimeSpan.FromSeconds(1), Token);
        }

        Assert.Equal(["2.1", "2.2", "1.1", "1.2", "1.3", "1.4"], frames.Select(frame => $"{frame.Shard}.{frame.Sequence}"));
    }

    // Broken on purpose: an event whose payload is taken as it comes ends the feed for everybody.
    [Fact(Timeout = 30_000)]
    public async Task An_event_that_cannot_be_read_is_told_as_such_and_holds_nobody_up()
    {
        await WriteAsync(1, 1, payload: """{"task":"t1","rea""");
        await WriteAsync(1, 1);
        using var subscription = await SubscribeAsync(new(1, JournalCursor.Start));
        List<Frame> frames = [];
        while (frames.Count == 0)
        {
            await subscription.NextAsync(frames, TimeSpan.FromSeconds(1), Token);
        }

        Assert.Equal(
            ["{\"project\":\"apollo\",\"unreadable\":true}", "{\"project\":\"apollo\",\"task_id\":\"t2\"}"],
            frames.Select(frame => System.Text.Json.JsonDocument.Parse(frame.Json).RootElement.GetProperty("data").GetRawText()));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_store_that_is_away_for_a_while_costs_nobody_an_event()
    {
        using var subscription = await SubscribeAsync(null);
        List<long> heard = [];
        await WriteAsync(1, 1);
        await DrainAsync(subscription, heard, 1);
        var fault = _store.FailCalls(StoreCall.ReadJournal, 3);

        await WriteAsync(1, 5);
        while (fault.Used < 3)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(300));
            await Task.Yield();
        }

        var draining = DrainAsync(subscription, heard, 6);
        while (!draining.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(300));
            await Task.Yield();
        }

        Assert.Equal([1L, 2, 3, 4, 5, 6], heard);
    }

    private async Task<Subscription> SubscribeAsync(JournalHead? after) => (await _feed.SubscribeAsync(after, [], Token)).Subscription!;

    /// <summary>Takes until so many have been heard.</summary>
    private static async Task<SubscriptionState> DrainAsync(Subscription subscription, List<long> heard, int until)
    {
        List<Frame> frames = [];
        while (heard.Count < until)
        {
            var state = await subscription.NextAsync(frames, TimeSpan.FromHours(1), Token);
            heard.AddRange(frames.Select(frame => frame.Sequence));
            if (state != SubscriptionState.Open)
            {
                return state;
            }
        }

        return SubscriptionState.Open;
    }

    /// <summary>With nothing before it to read, a subscription is with the feed at once.</summary>
    private static async Task GoAlongAsync(Subscription subscription)
    {
        await subscription.NextAsync([], TimeSpan.FromHours(1), Token);
        Assert.True(subscription.IsLive);
    }

    private string NextPayload(string? payload)
    {
        _titles++;
        return payload ?? $$"""{"task":"t{{_titles}}"}""";
    }

    private async Task WriteAsync(int shard, int count, bool isOwn = true, DateTimeOffset? at = null, string? payload = null)
    {
        if (!_leases.TryGetValue(shard, out var lease))
        {
            lease = (await _memory.AcquireAsync([shard], new(1), Token))[0];
        }

        EventWrite[] events =
        [
            .. Enumerable.Range(0, count).Select(_ => new EventWrite(
                Registry, "task-cancelled.v1", at ?? _clock.GetUtcNow(), Encoding.UTF8.GetBytes(NextPayload(payload)), Replayed: false)),
        ];
        var batch = new StoreBatch(lease, lease.LastBatch + 1, events, [], []);
        Assert.Equal(CommitOutcome.Done, (await _memory.CommitAsync([batch], Token)).Outcome);
        _leases[shard] = lease with { Sequence = batch.Sequence, LastBatch = batch.Id };
        if (isOwn)
        {
            Interlocked.Exchange(ref _written, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }
}
