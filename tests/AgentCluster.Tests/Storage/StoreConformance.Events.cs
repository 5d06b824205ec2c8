using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_event_is_read_as_it_was_written()
    {
        var payload = new byte[] { 0, 1, 255, 0 };
        var at = new DateTimeOffset(2031, 2, 3, 6, 5, 6, TimeSpan.FromHours(2)).AddTicks(70);
        var lease = await AcquireAsync(4, Old);

        await WriteAsync(Batch(lease, new EventWrite(new("agent", "ä/b 𐀀"), "x.v2", at, payload, Replayed: false), Event(Grace, "")));

        var stored = await Store.ReadEventsAsync(4, 0, 10, Token);
        Assert.Equal(payload, stored[0].Payload.ToArray());
        Assert.Equal((4, 1L, new ActorId("agent", "ä/b 𐀀"), "x.v2"), (stored[0].Shard, stored[0].Sequence, stored[0].Actor, stored[0].Name));
        Assert.Equal((at.ToUniversalTime(), TimeSpan.Zero), (stored[0].At, stored[0].At.Offset));
        Assert.Equal((2L, Grace, 0), (stored[1].Sequence, stored[1].Actor, stored[1].Payload.Length));
    }

    [Fact]
    public async Task Sequences_have_no_gap_whatever_is_fenced_between()
    {
        var lease = await AcquireAsync(1, Old);
        for (var i = 0; i < 20; i++)
        {
            var batch = Batch(lease, [.. Enumerable.Range(0, i % 4).Select(_ => Event(Ada))]);
            lease = await WriteAsync(batch);
            await CommitAsync([1], Batch(lease with { Epoch = 99 }, Event(Ada)));
        }

        var sequences = (await Store.ReadEventsAsync(1, 0, 10_000, Token)).Select(stored => stored.Sequence);

        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), sequences);
    }

    [Fact]
    public async Task Events_are_read_by_cursor_and_shard()
    {
        var leases = await Store.AcquireAsync([1, 2], Old, Token);
        await CommitAsync(
            [],
            Batch(leases[0], [.. Enumerable.Range(1, 5).Select(i => Event(Ada, $"{i}"))]),
            Batch(leases[1], Event(Ada, "other")));

        Assert.Equal([3L, 4L], (await Store.ReadEventsAsync(1, 2, 2, Token)).Select(stored => stored.Sequence));
        Assert.Equal([5L], (await Store.ReadEventsAsync(1, 4, 10_000, Token)).Select(stored => stored.Sequence));
        Assert.Empty(await Store.ReadEventsAsync(1, 5, 10_000, Token));
        Assert.Equal("other", await PayloadsAsync(2));
    }

    [Fact]
    public async Task An_actor_reads_back_its_replayed_events_after_a_sequence()
    {
        var lease = await AcquireAsync(1, Old);
        await WriteAsync(Batch(
            lease,
            Event(Ada, "1", replayed: true),
            Event(Grace, "2", replayed: true),
            Event(Ada, "3", replayed: true),
            Event(Ada, "4"),
            Event(Ada, "5", replayed: true)));

        Assert.Equal([1L, 3L, 5L], (await Store.ReadActorEventsAsync(Ada, 1, 0, 10, Token)).Select(stored => stored.Sequence));
        Assert.Equal([3L], (await Store.ReadActorEventsAsync(Ada, 1, 1, 1, Token)).Select(stored => stored.Sequence));
        Assert.Equal([5L], (await Store.ReadActorEventsAsync(Ada, 1, 4, 10, Token)).Select(stored => stored.Sequence));
        Assert.Empty(await Store.ReadActorEventsAsync(Ada, 2, 0, 10, Token));
        Assert.Empty(await Store.ReadActorEventsAsync(new("agent", "nobody"), 1, 0, 10, Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Reading_no_events_or_too_many_is_an_error_of_the_caller(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadEventsAsync(0, 0, limit, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadActorEventsAsync(Ada, 0, 0, limit, Token));
    }
}
