using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>Nodes that share a database wake one another by NOTIFY; what is lost is found by looking.</summary>
public sealed class HintTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: Hints.ListenAsync not saying LISTEN; no hint is ever heard but the two of its start.
    [Fact(Timeout = 60_000)]
    public async Task What_one_node_writes_or_changes_another_hears_of_also_after_its_listening_connection_was_cut()
    {
        var address = await PostgresServer.DatabaseAsync(Token);
        await using var teller = await OpenAsync(address);
        await using var listener = await OpenAsync(address);
        using SemaphoreSlim changed = new(0), written = new(0);
        ((IMembers)teller).Listen(() => { }, () => { });
        ((IMembers)listener).Listen(() => changed.Release(), () => written.Release());
        await HearsAsync(changed, written);
        var lease = (await teller.AcquireAsync([1], new(1), Token))[0];

        ((IMembers)teller).Hint();
        await changed.WaitAsync(Token);
        Assert.Equal(0, written.CurrentCount);
        lease = await WriteAsync(teller, lease);
        await written.WaitAsync(Token);
        Assert.Equal(0, changed.CurrentCount);

        await PostgresServer.ExecuteAsync(
            new Npgsql.NpgsqlConnectionStringBuilder(address).Database!,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        await HearsAsync(changed, written);
        await WriteAsync(teller, lease);
        await written.WaitAsync(Token);
    }

    /// <summary>Whoever begins to listen, again too, is told once to look for what it may have missed.</summary>
    private static async Task HearsAsync(SemaphoreSlim changed, SemaphoreSlim written)
    {
        await changed.WaitAsync(Token);
        await written.WaitAsync(Token);
    }

    private static async Task<ShardLease> WriteAsync(PostgresStore store, ShardLease lease)
    {
        var batch = new StoreBatch(lease, lease.LastBatch + 1, [new(new("agent", "a"), "x.v1", DateTimeOffset.UnixEpoch, "{}"u8.ToArray(), false)], [], []);
        Assert.Empty((await store.CommitAsync([batch], Token)).Fenced);
        return lease with { Sequence = lease.Sequence + 1, LastBatch = batch.Id };
    }

    private static async Task<PostgresStore> OpenAsync(string address) =>
        await PostgresStore.OpenAsync(new(address, null), DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);
}
