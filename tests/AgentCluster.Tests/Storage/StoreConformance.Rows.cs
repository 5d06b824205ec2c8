using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var row = Parked("ä 𐀀 '\"%_", Ada, sender: null, name: "", reason: "two\nlines", at: long.MinValue, payload: "");
        var other = Row(RuntimeTables.Snapshot, Grace.ToString(), Grace, RowValue.Of(long.MaxValue), RowValue.Of("é"), RowValue.Null);
        await WriteAsync(Rows(await AcquireAsync(0, Old), row, other));

        AssertSame(row, Assert.Single(await Store.ReadAsync(RuntimeTables.Parked, [row.Key.Id, "none"], Token)));
        AssertSame(other, Assert.Single(await Store.ReadAsync(RuntimeTables.Snapshot, [other.Key.Id], Token)));
    }

    [Fact]
    public async Task A_row_is_replaced_whole_and_deleted()
    {
        var lease = await AcquireAsync(0, Old);
        var next = Parked("p", Ada, sender: null, name: "new", reason: null, at: null, payload: "2");
        lease = await WriteAsync(Rows(lease, Parked("p", Ada), Parked("q", Ada)));
        lease = await WriteAsync(Rows(lease, next));
        AssertSame(next, Assert.Single(await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token)));

        await WriteAsync(new StoreBatch(lease, 5, [], [], [new(RuntimeTables.Parked, "p"), new(RuntimeTables.Parked, "never")]));

        Assert.Equal(["q"], (await Store.ReadAsync(RuntimeTables.Parked, ["p", "q"], Token)).Select(row => row.Key.Id));
    }

    [Fact]
    public async Task The_same_id_in_two_tables_is_two_rows()
    {
        var lease = await AcquireAsync(0, Old);
        var sent = Row(RuntimeTables.Sent, "a>b", Ada, RowValue.Of("b"), RowValue.Of(7));
        var received = Row(RuntimeTables.Received, "a>b", Grace, RowValue.Of("a"), RowValue.Of(7));
        lease = await WriteAsync(Rows(lease, sent, received));

        await WriteAsync(new StoreBatch(lease, 5, [], [], [new(RuntimeTables.Sent, "a>b")]));

        Assert.Empty(await Store.ReadAsync(RuntimeTables.Sent, ["a>b"], Token));
        AssertSame(received, Assert.Single(await Store.ReadAsync(RuntimeTables.Received, ["a>b"], Token)));
    }

    [Fact]
    public async Task A_row_of_another_shard_is_not_deleted()
    {
        var leases = await Store.AcquireAsync([0, 1], Old, Token);
        await WriteAsync(Rows(leases[0], Parked("p", Ada)));

        await WriteAsync(new StoreBatch(leases[1], 5, [], [], [new(RuntimeTables.Parked, "p")]));

        Assert.Single(await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token));
    }

    [Fact]
    public async Task Text_of_every_kind_comes_back_unchanged()
    {
        string[] texts = ["", " ", "naïve", "日本語", "👩‍👩‍👧", "\uFFFF\uE000", "a\tb\r\n", "%_\\", new string('é', 20_000)];
        await WriteAsync(Rows(await AcquireAsync(0, Old), [.. texts.Select((text, i) => Parked($"p{i}", Ada, reason: text))]));

        var page = await Store.QueryAsync(new(RuntimeTables.Parked), Token);

        Assert.Equal(texts, page.Rows.Select(row => row.Columns[2].Text));
    }

    [Fact]
    public async Task A_commit_is_read_at_once_by_everybody()
    {
        var lease = await AcquireAsync(0, Old);
        for (var i = 1; i <= 200; i++)
        {
            lease = await WriteAsync(Rows(lease, Parked("p", Ada, at: i)));

            var read = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                async _ => (await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token))[0].Columns[3].Number));
            Assert.All(read, at => Assert.Equal(i, at));
        }
    }

    [Fact]
    public async Task Readers_see_whole_commits_while_others_write()
    {
        var leases = await Store.AcquireAsync([0, 1], Old, Token);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 100; i++)
            {
                var left = Rows(leases[0], Parked("left", Ada, at: i));
                var right = Rows(leases[1], Parked("right", Grace, at: i));
                Assert.Equal(CommitOutcome.Done, (await Store.CommitAsync([left, right], Token)).Outcome);
            }
        }, Token);

        while (!writing.IsCompleted)
        {
            var page = await Store.QueryAsync(new(RuntimeTables.Parked), Token);
            Assert.True(page.Rows.Count is 0 or 2);
            Assert.Single(page.Rows.Select(row => row.Columns[3]).Append(page.Rows.Count == 0 ? default : page.Rows[0].Columns[3]).Distinct());
        }

        await writing;
    }

    [Fact]
    public async Task Asking_for_too_many_ids_is_an_error_of_the_caller() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadAsync(
            RuntimeTables.Parked, [.. Enumerable.Range(0, 1_001).Select(i => $"{i}")], Token));
}
