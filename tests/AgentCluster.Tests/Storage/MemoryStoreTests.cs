using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Tests.Storage;

public sealed class MemoryStoreConformance : StoreConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new MemoryStore([], new VirtualClock()));
}

public sealed class FaultyStoreConformance : StoreConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new FaultyStore(new MemoryStore([], new VirtualClock()), new VirtualClock()));
}

public sealed class MemoryMembersConformance : MembersConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new MemoryStore([], new VirtualClock()));
}
