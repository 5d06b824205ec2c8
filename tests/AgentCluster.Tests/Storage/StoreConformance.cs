using System.Text;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

/// <summary>
/// What every store must do. A new store is one subclass; a new promise is one test here. Rows are tried on the runtime's
/// own tables, so that no store needs one for tests.
/// </summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    protected static readonly Incarnation Old = new(0xA);
    protected static readonly Incarnation New = new(0xB);
    protected static readonly ActorId Ada = new("agent", "ada");
    protected static readonly ActorId Grace = new("agent", "grace");
    protected static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private UInt128 _lastBatch = 1_000;

    protected IStore Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An empty store, opened with <see cref="RuntimeTables.All"/>.</summary>
    protected abstract ValueTask<IStore> OpenAsync();

    protected virtual ValueTask CloseAsync() => Store.DisposeAsync();

    protected async Task<ShardLease> AcquireAsync(int shard, Incarnation owner) =>
        (await Store.AcquireAsync([shard], owner, Token))[0];

    protected StoreBatch Batch(ShardLease held, params IReadOnlyList<EventWrite> events) => new(held, ++_lastBatch, events, [], []);

    protected StoreBatch Rows(ShardLease held, params IReadOnlyList<Row> rows) =>
        new(held, ++_lastBatch, [], [.. rows.Select(row => new RowWrite(Table(row), row))], []);

    protected static EventWrite Event(ActorId actor, string payload = "{}", bool replayed = false) =>
        new(actor, "thing-happened.v1", Noon, Encoding.UTF8.GetBytes(payload), replayed);

    /// <summary>A row of the table with three texts and a number.</summary>
    protected static Row Parked(
        string id, ActorId owner, string? sender = "s", string? name = "n", string? reason = "r", long? at = 1, string payload = "{}") =>
        new(
            new(RuntimeTables.Parked.Name, id),
            owner,
            [RowValue.Of(sender), RowValue.Of(name), RowValue.Of(reason), RowValue.Of(at)],
            Encoding.UTF8.GetBytes(payload));

    protected static Row Row(RowTable table, string id, ActorId owner, params RowValue[] columns) =>
        new(new(table.Name, id), owner, columns, "{}"u8.ToArray());

    /// <summary>Commits one batch that must be written, and returns the lease as it is then.</summary>
    protected async Task<ShardLease> WriteAsync(StoreBatch batch)
    {
        var result = await Store.CommitAsync([batch], Token);
        Assert.Equal((CommitOutcome.Done, ""), (result.Outcome, string.Join(',', result.Fenced)));
        return batch.Held with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }

    /// <summary>Commits a group of which exactly these shards are fenced, everything else done.</summary>
    protected async Task CommitAsync(IReadOnlyList<int> fenced, params IReadOnlyList<StoreBatch> batches)
    {
        var result = await Store.CommitAsync(batches, Token);
        Assert.Equal(CommitOutcome.Done, result.Outcome);
        Assert.Equal(fenced, result.Fenced);
    }

    protected async Task<string> PayloadsAsync(int shard) => string.Join(
        ' ', (await Store.ReadEventsAsync(shard, 0, 10_000, Token)).Select(stored => Encoding.UTF8.GetString(stored.Payload.Span)));

    protected static void AssertSame(Row expected, Row actual)
    {
        Assert.Equal((expected.Key, expected.Owner), (actual.Key, actual.Owner));
        Assert.Equal(expected.Columns, actual.Columns);
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
    }

    private static RowTable Table(Row row) => RuntimeTables.All.Single(table => table.Name == row.Key.Table);
}
