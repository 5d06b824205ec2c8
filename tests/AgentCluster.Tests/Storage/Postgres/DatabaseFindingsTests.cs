using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Postgres;

public sealed class DatabaseFindingsTests
{
    private static readonly Durability Sound = new("15.18", "on", "", Fsync: true, FullPageWrites: true, HasStandby: false);

    [Fact]
    public void What_was_answered_is_lost_by_some_settings_and_not_by_others()
    {
        Assert.Equal(
            [Condition.Ok, Condition.Failed, Condition.Failed, Condition.Warning, Condition.Warning, Condition.Ok, Condition.Warning],
            ((Durability[])
            [
                Sound,
                Sound with { Fsync = false },
                Sound with { SynchronousCommit = "off" },
                Sound with { FullPageWrites = false },
                Sound with { HasStandby = true },
                Sound with { HasStandby = true, SynchronousStandbys = "*" },
                Sound with { HasStandby = true, SynchronousStandbys = "*", SynchronousCommit = "local" },
            ]).Select(durability => DatabaseFindings.Of(durability).Condition));
    }

    [Fact]
    public async Task A_node_reads_the_settings_of_its_database_as_they_are_now()
    {
        var token = TestContext.Current.CancellationToken;
        var address = await PostgresServer.DatabaseAsync(token);
        await using var store = await PostgresStore.OpenAsync(new(address, null), DomainTables.All, 256, NullLogger<PostgresStore>.Instance, token);

        var found = await DatabaseFindings.OfAsync(store, token);

        // The tests' own server does not sync.
        Assert.Equal((Condition.Failed, true), (found[0].Condition, found[0].Found.StartsWith("fsync=off, synchronous_commit=on, full_page_writes=on", StringComparison.Ordinal)));
        Assert.Equal("1", found.Single(finding => finding.Check == "generation").Found);
    }
}
