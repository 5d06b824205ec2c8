using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Storage;

/// <summary>
/// What simulations prove is proved of a store that keeps every promise of the real ones. Broken on purpose: a commit that
/// was cancelled before it was sent is sent all the same, as it was before this suite ran here.
/// </summary>
public sealed class SimulatedStoreConformance : StoreConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new WorldStore(new FaultPlan()));
}

/// <summary>The same when calls overtake each other by seconds.</summary>
public sealed class SlowSimulatedStoreConformance : StoreConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new WorldStore(new FaultPlan
    {
        On = new HashSet<Fault> { Fault.Slow },
        OncePerCommits = 2,
        LongestLeg = TimeSpan.FromMilliseconds(500),
    }));
}
