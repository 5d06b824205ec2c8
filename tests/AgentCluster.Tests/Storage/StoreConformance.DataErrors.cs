using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    public static TheoryData<string> DataErrors => [.. Broken.Keys];

    private static Dictionary<string, Func<RowWrite>> Broken { get; } = new()
    {
        ["NUL in a column"] = () => Of(Parked("bad", Ada, reason: "a\0b")),
        ["NUL in an id"] = () => Of(Parked("b\0ad", Ada)),
        ["NUL in an owner"] = () => Of(Parked("bad", new("agent", "\0"))),
        ["lone high surrogate"] = () => Of(Parked("bad", Ada, reason: "a\uD800b")),
        ["lone low surrogate at the end"] = () => Of(Parked("bad", Ada, name: "👩a\uDC00")),
        ["text too long"] = () => Of(Parked("bad", Ada, reason: new string('é', 32_769))),
        ["id too long"] = () => Of(Parked(new string('x', 2_049), Ada)),
        ["payload too long"] = () => Of(Parked("bad", Ada) with { Payload = new byte[StoreRules.PayloadBytes + 1] }),
        ["too few columns"] = () => Of(Parked("bad", Ada) with { Columns = [RowValue.Null] }),
        ["text where a number belongs"] = () => Of(Parked("bad", Ada) with { Columns = [RowValue.Null, RowValue.Null, RowValue.Null, RowValue.Of("1")] }),
        ["number where text belongs"] = () => Of(Parked("bad", Ada) with { Columns = [RowValue.Of(1), RowValue.Null, RowValue.Null, RowValue.Null] }),
        ["unknown table"] = () => new(new("nowhere", []), Row(new("nowhere", []), "bad", Ada)),
        ["key of another table"] = () => new(RuntimeTables.Parked, Parked("bad", Ada) with { Key = new("sent", "bad") }),
        ["row of another actor"] = () => Of(Parked("taken", Ada)),
    };

    // Broken on purpose: the check of data errors left out of the SQLite store; the check of a row's owner left out.
    [Theory]
    [MemberData(nameof(DataErrors))]
    public async Task A_data_error_refuses_the_group_and_writes_nothing_of_it(string error)
    {
        var leases = await Store.AcquireAsync([0, 1], Old, Token);
        leases = [leases[0], await WriteAsync(Rows(leases[1], Parked("taken", Grace)))];
        var good = Batch(leases[0], Event(Grace));
        var bad = Batch(leases[1], Event(Ada)) with { Rows = [new(RuntimeTables.Parked, Parked("fine", Ada)), Broken[error]()] };

        var result = await Store.CommitAsync([good, bad], Token);

        Assert.Equal((CommitOutcome.Refused, 0), (result.Outcome, result.Fenced.Count));
        Assert.NotNull(result.Detail);
        Assert.Equal(leases, [await Store.SettleAsync(0, Token), await Store.SettleAsync(1, Token)]);
        Assert.Equal(["taken"], (await Store.QueryAsync(new(RuntimeTables.Parked), Token)).Rows.Select(row => row.Key.Id));
        await CommitAsync([], good);
    }

    [Fact]
    public async Task One_row_claimed_by_two_actors_in_one_group_is_a_data_error()
    {
        var leases = await Store.AcquireAsync([0, 1], Old, Token);

        var result = await Store.CommitAsync([Rows(leases[0], Parked("p", Ada)), Rows(leases[1], Parked("p", Grace))], Token);

        Assert.Equal(CommitOutcome.Refused, result.Outcome);
        Assert.Empty(await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token));
    }

    [Fact]
    public async Task An_event_with_text_that_cannot_be_stored_is_a_data_error()
    {
        var lease = await AcquireAsync(0, Old);
        EventWrite[] broken = [Event(new("agent", "a\0b")), Event(Ada) with { Name = "\uDBFF" }];

        foreach (var written in broken)
        {
            Assert.Equal(CommitOutcome.Refused, (await Store.CommitAsync([Batch(lease, written)], Token)).Outcome);
        }

        Assert.Equal(lease, await Store.SettleAsync(0, Token));
    }

    [Fact]
    public async Task Batches_that_are_not_in_shard_order_are_a_data_error()
    {
        var leases = await Store.AcquireAsync([0, 1], Old, Token);

        var backwards = await Store.CommitAsync([Batch(leases[1], Event(Ada)), Batch(leases[0], Event(Ada))], Token);
        var twice = await Store.CommitAsync([Batch(leases[1], Event(Ada)), Batch(leases[1], Event(Ada))], Token);

        Assert.Equal((CommitOutcome.Refused, CommitOutcome.Refused), (backwards.Outcome, twice.Outcome));
    }

    private static RowWrite Of(Row row) => new(Table(row), row);
}
