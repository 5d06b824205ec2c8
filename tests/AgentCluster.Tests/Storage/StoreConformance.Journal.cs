using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_empty_journal_ends_at_its_start()
    {
        await AcquireAsync(3, Old);

        Assert.Equal(new JournalHead(1, JournalCursor.Start), await Store.ReadHeadAsync(Token));
        Assert.Empty(await JournalAsync(JournalCursor.Start, null, 10));
    }

    [Fact]
    public async Task The_journal_is_read_on_after_a_cursor_shard_by_shard_without_gap_or_repeat()
    {
        var (one, two) = (await AcquireAsync(1, Old), await AcquireAsync(2, New));
        one = await WriteAsync(Batch(one, Event(Ada, "1a"), Event(Ada, "1b")));
        await WriteAsync(Batch(two, Event(Grace, "2a")));

        var first = await JournalAsync(JournalCursor.Start, null, 10);
        var cursor = JournalCursor.Start.After(first);
        await WriteAsync(Batch(one, Event(Ada, "1c")));
        var second = await JournalAsync(cursor, null, 10);

        Assert.Equal(["1.1 1a", "1.2 1b", "2.1 2a"], first.Select(Shown));
        Assert.Equal(["1.3 1c"], second.Select(Shown));
        Assert.Equal(new(0, 2, 1), cursor);
        Assert.Equal(new(0, 3, 1), (await Store.ReadHeadAsync(Token)).Cursor);
        Assert.Empty(await JournalAsync(cursor.After(second), null, 10));
    }

    [Fact]
    public async Task A_busy_shard_leaves_room_on_the_page_for_the_others()
    {
        var (busy, quiet) = (await AcquireAsync(0, Old), await AcquireAsync(9, Old));
        await WriteAsync(Batch(busy, [.. Enumerable.Range(1, 50).Select(i => Event(Ada, $"{i}"))]));
        await WriteAsync(Batch(quiet, Event(Grace, "quiet")));

        var read = await JournalAsync(JournalCursor.Start, null, 10);
        var smallest = await JournalAsync(JournalCursor.Start, null, 1);

        Assert.Equal([1L, 2, 3, 4, 5, 1], read.Select(stored => stored.Sequence));
        Assert.Equal("9.1 quiet", Shown(read[^1]));
        Assert.Equal(["0.1 1"], smallest.Select(Shown));
    }

    [Fact]
    public async Task Nothing_beyond_the_bound_is_read()
    {
        var (one, two) = (await AcquireAsync(1, Old), await AcquireAsync(2, Old));
        await WriteAsync(Batch(one, [.. Enumerable.Range(1, 5).Select(i => Event(Ada, $"{i}"))]));
        await WriteAsync(Batch(two, Event(Ada)));

        var read = await JournalAsync(new(0, 1), new(0, 3), 100);

        Assert.Equal(["1.2 2", "1.3 3"], read.Select(Shown));
        Assert.Empty(await JournalAsync(new(0, 3, 1), new(0, 3), 100));
    }

    [Fact]
    public async Task A_cursor_beyond_the_journal_reads_nothing()
    {
        var lease = await AcquireAsync(1, Old);
        await WriteAsync(Batch(lease, Event(Ada)));

        Assert.Empty(await JournalAsync(new(0, 7, 0, 99), null, 10));
    }

    [Fact]
    public async Task What_is_refused_or_fenced_is_never_read()
    {
        var old = await AcquireAsync(1, Old);
        var lease = await AcquireAsync(1, New);
        await CommitAsync([1], Batch(old, Event(Ada, "fenced")));
        await WriteAsync(Batch(lease, Event(Ada, "written")));

        Assert.Equal(["1.1 written"], (await JournalAsync(JournalCursor.Start, null, 10)).Select(Shown));
    }

    [Fact]
    public async Task What_an_event_is_about_is_read_with_it()
    {
        var lease = await AcquireAsync(1, Old);
        await WriteAsync(Batch(lease, Event(Ada) with { Channels = "task:t\nagent:ä 𐀀" }, Event(Ada)));

        var read = await JournalAsync(JournalCursor.Start, null, 10);

        Assert.Equal(["task:t\nagent:ä 𐀀", ""], read.Select(stored => stored.Channels));
        Assert.Equal(read.Select(stored => stored.Channels), (await Store.ReadEventsAsync(1, 0, 10, Token)).Select(stored => stored.Channels));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Reading_a_page_of_an_impossible_size_is_an_error_of_the_caller(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await JournalAsync(JournalCursor.Start, null, limit));

    private async Task<IReadOnlyList<StoredEvent>> JournalAsync(JournalCursor after, JournalCursor? upTo, int limit)
    {
        var page = await Store.ReadJournalAsync(after, upTo, limit, Token);
        Assert.Equal(1, page.Generation);
        return page.Events;
    }

    private static string Shown(StoredEvent stored) => $"{stored.Shard}.{stored.Sequence} {Encoding.UTF8.GetString(stored.Payload.Span)}";
}
