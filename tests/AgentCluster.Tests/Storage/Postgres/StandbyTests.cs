using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>RELIABILITY 20: what a standby holds is of the past, so neither the journal nor a lease is read there.</summary>
public sealed class StandbyTests
{
    // Broken on purpose: Sources not asking pg_is_in_recovery; every read below is answered.
    [Fact]
    public async Task Nothing_is_read_from_a_standby()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgresProcess.StartAsync("-c fsync=off", token);
        var options = new PostgresOptions(await server.DatabaseAsync("test"), null);
        await using var store = await PostgresStore.OpenAsync(options, DomainTables.All, 256, NullLogger<PostgresStore>.Instance, token);
        Assert.Equal(0, (await store.ReadHeadAsync(token)).Cursor.Total);

        await server.StandByAsync(token);

        await RefusesAsync(async () => await store.ReadHeadAsync(token));
        await RefusesAsync(async () => await store.ReadJournalAsync(JournalCursor.Start, null, 10, token));
        await RefusesAsync(async () => await store.AcquireAsync([1], new(1), token));
        await RefusesAsync(async () => await ((IMembers)store).RenewAsync(new(1), token));
        await RefusesAsync(async () => await store.QueryAsync(new RowQuery(RuntimeTables.Timer), token));
        var unfit = await Assert.ThrowsAnyAsync<Exception>(async () =>
            await PostgresStore.OpenAsync(options, DomainTables.All, 256, NullLogger<PostgresStore>.Instance, token));
        Assert.Contains("standby", unfit.Message, StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(Func<Task> read)
    {
        // The first attempt may still find a connection that the restart has cut.
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(read);
        if (!refused.Message.Contains("standby", StringComparison.Ordinal))
        {
            refused = await Assert.ThrowsAsync<StoreUnavailableException>(read);
        }

        Assert.Contains("standby", refused.Message, StringComparison.Ordinal);
    }
}
