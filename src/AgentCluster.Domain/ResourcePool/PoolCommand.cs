using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>What can be asked of the resource pool. Closed: every case is in this folder. Each has a name on disk and on the wire.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(DeclarePool), "declare-pool.v1")]
[JsonDerivedType(typeof(ReadPools), "read-pools.v1")]
[JsonDerivedType(typeof(Allocate), "allocate.v1")]
[JsonDerivedType(typeof(RenewAllocation), "renew-allocation.v1")]
[JsonDerivedType(typeof(ReleaseAllocation), "release-allocation.v1")]
[JsonDerivedType(typeof(EndAllocation), "end-allocation.v1")]
[JsonDerivedType(typeof(FreeAllocation), "free-allocation.v1")]
[JsonDerivedType(typeof(FreeTask), "free-task.v1")]
[JsonDerivedType(typeof(NoteOffline), "note-offline.v1")]
[JsonDerivedType(typeof(FreeAgent), "free-agent.v1")]
[JsonDerivedType(typeof(LimitAgents), "limit-agents.v1")]
public abstract record PoolCommand : ICommand
{
    private PoolCommand()
    {
    }

    /// <summary>Says how much there is of a resource. What is given away already stays given.</summary>
    /// <param name="Name">The resource's.</param>
    /// <param name="Total">How much there is.</param>
    /// <param name="Unit">What it is counted in; null as before, of a new one <see cref="Pool.PlainUnit"/>.</param>
    public sealed record DeclarePool(string Name, decimal Total, string? Unit = null) : PoolCommand, ICommand<DeclareReply>;

    /// <summary>Reads all pools, by name.</summary>
    public sealed record ReadPools : PoolCommand, ICommand<PoolsReply>, IReading;

    /// <summary>Gives an agent all that it asks for, or nothing.</summary>
    /// <param name="Asked">As asked for; the amounts by resource, each once and greater than zero.</param>
    /// <param name="Idle">
    /// Of those that an earlier refusal named, who holds no claim, as was just looked up: what they have without a task may be
    /// taken from them. Empty at first.
    /// </param>
    public sealed record Allocate(
        Allocation Asked, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<AgentId> Idle = default) : PoolCommand, ICommand<AllocateReply>;

    /// <summary>Makes an allocation last longer.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="TtlSeconds">From now; null for as long as it was given for.</param>
    /// <param name="By">The only agent whose it may be; null when anybody's may.</param>
    public sealed record RenewAllocation(AllocationId Id, int? TtlSeconds = null, AgentId? By = null) : PoolCommand, ICommand<AllocationReply>;

    /// <summary>Gives an allocation back.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="By">The only agent whose it may be; null when anybody's may.</param>
    public sealed record ReleaseAllocation(AllocationId Id, AgentId? By = null) : PoolCommand, ICommand<AllocationReply>;

    /// <summary>An allocation's time is over. Sent by its own timer.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Renewal">As it was when the timer was set: a later one makes this too late.</param>
    public sealed record EndAllocation(AllocationId Id, int Renewal) : PoolCommand;

    /// <summary>What an allocation was given for was over already: a registry tells.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record FreeAllocation(AllocationId Id) : PoolCommand;

    /// <summary>A claim on a task, or the task, is over: its registry tells.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="UpTo">The claim's token: what was given to a later claim is left alone. Null: nobody held the task.</param>
    public sealed record FreeTask(TaskId Task, FencingToken? UpTo = null) : PoolCommand;

    /// <summary>An agent went offline. It may be back already, so it is asked about.</summary>
    /// <param name="Agent">The agent.</param>
    public sealed record NoteOffline(AgentId Agent) : PoolCommand;

    /// <summary>An agent is offline: what it has is free, unless it is given to a claim, which ends by itself.</summary>
    /// <param name="Agent">The agent.</param>
    /// <param name="UpTo">The place of the last allocation when it was asked about: later ones are left alone.</param>
    public sealed record FreeAgent(AgentId Agent, long UpTo) : PoolCommand;

    /// <summary>How much one agent may have: the policy tells. What an agent has already stays.</summary>
    /// <param name="Limits">By resource; what is left out has no limit.</param>
    public sealed record LimitAgents(ValueList<Amount> Limits) : PoolCommand;
}

/// <summary>The answer to <see cref="PoolCommand.DeclarePool"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Declared), "pool-declare.v1")]
[JsonDerivedType(typeof(TooMany), "pools-too-many.v1")]
public abstract record DeclareReply
{
    private DeclareReply()
    {
    }

    /// <summary>There is so much of it now.</summary>
    /// <param name="Pool">The pool, and how much of it is given away.</param>
    /// <param name="Created">Whether it was not known before.</param>
    public sealed record Declared(PoolView Pool, bool Created) : DeclareReply;

    /// <summary>There are as many pools as there may be; nothing happened.</summary>
    /// <param name="Most">The bound.</param>
    public sealed record TooMany(int Most) : DeclareReply;
}

/// <summary>The answer to <see cref="PoolCommand.ReadPools"/>.</summary>
/// <param name="Pools">By name.</param>
public sealed record PoolsReply(ValueList<PoolView> Pools);

/// <summary>The answer to <see cref="PoolCommand.Allocate"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Given), "allocate-given.v1")]
[JsonDerivedType(typeof(Insufficient), "allocate-insufficient.v1")]
[JsonDerivedType(typeof(NoPool), "allocate-no-pool.v1")]
[JsonDerivedType(typeof(Full), "allocate-full.v1")]
[JsonDerivedType(typeof(OverLimit), "allocate-over-limit.v1")]
public abstract record AllocateReply
{
    private AllocateReply()
    {
    }

    /// <summary>The agent has it.</summary>
    /// <param name="Allocation">As it is now.</param>
    public sealed record Given(Allocation Allocation) : AllocateReply;

    /// <summary>There is not enough of something; nothing was given.</summary>
    /// <param name="Asked">Everything that was asked for, and how much there is of it.</param>
    /// <param name="Holders">Agents that have some of what is lacking, without a task; at most 500.</param>
    public sealed record Insufficient(
        ValueList<Shortage> Asked, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<AgentId> Holders = default) : AllocateReply;

    /// <summary>There is no such resource; nothing was given.</summary>
    /// <param name="Resource">As asked for.</param>
    /// <param name="Known">The names of those that there are.</param>
    public sealed record NoPool(string Resource, ValueList<string> Known) : AllocateReply;

    /// <summary>There are as many allocations as there may be; nothing was given.</summary>
    /// <param name="Most">The bound.</param>
    /// <param name="OfAgent">Whether it is the agent's own bound.</param>
    public sealed record Full(int Most, bool OfAgent) : AllocateReply;

    /// <summary>The agent would have more than one may; nothing was given.</summary>
    /// <param name="Resource">Of which resource.</param>
    /// <param name="Limit">How much one may have.</param>
    /// <param name="Found">How much it would have.</param>
    public sealed record OverLimit(string Resource, decimal Limit, decimal Found) : AllocateReply;
}

/// <summary>What was asked for of one resource, and how much there is of it.</summary>
/// <param name="Pool">The resource.</param>
/// <param name="Required">How much was asked for.</param>
/// <param name="Available">How much could be given.</param>
public sealed record Shortage(Pool Pool, decimal Required, decimal Available);

/// <summary>The answer to a command about one allocation.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "allocation-found.v1")]
[JsonDerivedType(typeof(NoAllocation), "allocation-unknown.v1")]
[JsonDerivedType(typeof(OfOther), "allocation-of-other.v1")]
public abstract record AllocationReply
{
    private AllocationReply()
    {
    }

    /// <summary>It is like this now.</summary>
    /// <param name="Allocation">The allocation.</param>
    public sealed record Found(Allocation Allocation) : AllocationReply;

    /// <summary>There is none of that id, or not any more; nothing happened.</summary>
    public sealed record NoAllocation : AllocationReply;

    /// <summary>It is another agent's; nothing happened.</summary>
    /// <param name="Agent">Whose.</param>
    public sealed record OfOther(AgentId Agent) : AllocationReply;
}
