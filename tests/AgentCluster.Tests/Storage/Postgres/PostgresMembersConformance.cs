using AgentCluster.Domain;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Postgres;

public sealed class PostgresMembersConformance : MembersConformance
{
    protected override async ValueTask<IStore> OpenAsync() => await PostgresStore.OpenAsync(
        new PostgresOptions(await PostgresServer.DatabaseAsync(Token), null), DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);
}
