using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Storage;

/// <summary>What simulations of several nodes prove is proved of members that decide as PostgreSQL's do.</summary>
public sealed class SimulatedMembersConformance : MembersConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new WorldStore(new FaultPlan()));
}

/// <summary>The same when calls overtake each other by seconds.</summary>
public sealed class SlowSimulatedMembersConformance : MembersConformance
{
    protected override ValueTask<IStore> OpenAsync() => new(new WorldStore(new FaultPlan
    {
        On = new HashSet<Fault> { Fault.Slow, Fault.SlowCall },
        OncePerCommits = 2,
        OncePerReads = 2,
        LongestLeg = TimeSpan.FromMilliseconds(500),
    }));
}
