using System.Text.Json.Serialization;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>What has happened to resources. Names on disk carry a version and are never reused.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PoolDeclared), "pool-declared.v1")]
[JsonDerivedType(typeof(ResourcesAllocated), "resources-allocated.v1")]
[JsonDerivedType(typeof(AllocationRenewed), "allocation-renewed.v1")]
[JsonDerivedType(typeof(AllocationEnded), "allocation-ended.v1")]
[JsonDerivedType(typeof(AgentsLimited), "agents-limited.v1")]
public abstract record PoolEvent
{
    private PoolEvent()
    {
    }

    /// <summary>There is a resource, or another amount of it.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="At">UTC.</param>
    public sealed record PoolDeclared(Pool Pool, DateTimeOffset At) : PoolEvent;

    /// <summary>An agent has resources for a while.</summary>
    /// <param name="Allocation">All of it.</param>
    /// <param name="At">UTC.</param>
    public sealed record ResourcesAllocated(Allocation Allocation, DateTimeOffset At) : PoolEvent;

    /// <summary>An allocation lasts longer.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="TtlSeconds">From now.</param>
    /// <param name="At">UTC.</param>
    public sealed record AllocationRenewed(AllocationId Id, int TtlSeconds, DateTimeOffset At) : PoolEvent;

    /// <summary>An allocation is over, and what it held can be given again.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Agent">Whose it was.</param>
    /// <param name="End">Why.</param>
    /// <param name="At">UTC.</param>
    public sealed record AllocationEnded(AllocationId Id, AgentId Agent, AllocationEnd End, DateTimeOffset At) : PoolEvent;

    /// <summary>One agent may have so much from here on.</summary>
    /// <param name="Limits">By resource; what is left out has no limit.</param>
    /// <param name="At">UTC.</param>
    public sealed record AgentsLimited(ValueList<Amount> Limits, DateTimeOffset At) : PoolEvent;

    /// <summary>Soft: an allocation was given or renewed, or is first heard of after a recovery.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Uptime">Monotonic time of the node.</param>
    public sealed record AllocationSeen(AllocationId Id, TimeSpan Uptime) : PoolEvent;
}
