using AgentCluster.Domain;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.ResourcePool.PoolCommand;

namespace AgentCluster.Tests.Domain.ResourcePool;

/// <summary>What there is to share, and the agents who share it.</summary>
public abstract class PoolSpec() : BehaviorSpec<PoolBehavior, PoolState, PoolCommand, PoolEvent>("cluster")
{
    private int _minted;

    internal static AgentId Ada { get; } = new("ada");

    internal static AgentId Grace { get; } = new("grace");

    internal Allocation Asked(AgentId agent, params ReadOnlySpan<Amount> amounts) => new(new(Ulid.New(Now, (UInt128)(++_minted))), agent, ValueList.Of(amounts), 600);

    internal Allocation Have(AgentId agent, params ReadOnlySpan<Amount> amounts) =>
        Assert.IsType<AllocateReply.Given>(When(new Allocate(Asked(agent, amounts))).Reply).Allocation;

    internal decimal Available(string resource) => When(new ReadPools()).Reply.Pools.Single(view => view.Pool.Name == resource).Available;
}
