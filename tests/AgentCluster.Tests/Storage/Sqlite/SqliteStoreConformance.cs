using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage.Sqlite;

public sealed class SqliteStoreConformance : StoreConformance
{
    private readonly SqliteFolder _folder = new();

    protected override ValueTask<IStore> OpenAsync() => new(_folder.Open());

    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync();
        _folder.Dispose();
    }
}
