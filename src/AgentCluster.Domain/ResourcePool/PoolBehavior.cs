using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.ResourcePool.Deciding;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ResourcePool.PoolEvent>;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>
/// What there is to share: one actor of the cluster, because an allocation may need several resources and is given whole or
/// not at all. It counts; what an agent really uses is nobody's to see here.
/// </summary>
public sealed class PoolBehavior : IBehavior<PoolState, PoolCommand, PoolEvent>
{
    /// <inheritdoc/>
    public static string Kind => Kinds.Resources;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(PoolJson.Default, typeof(PoolCommand)),
        Events: new(PoolJson.Default, typeof(PoolEvent)),
        Replies: new(PoolJson.Default, typeof(DeclareReply), typeof(AllocateReply), typeof(AllocationReply))
        {
            ["pools-read.v1"] = typeof(PoolsReply),
        },
        Snapshot: () => PoolJson.Default.PoolState);

    /// <inheritdoc/>
    public static RowQuery? Awake { get; } = new(PoolTables.Allocation)
    {
        Where = [new("active", RowTest.Equal, RowValue.Of(true))],
    };

    /// <inheritdoc/>
    public static PoolState Initial(string name) => new(Pool.Defaults);

    /// <inheritdoc/>
    public static Decision Decide(PoolState state, PoolCommand command, in Turn turn) => command switch
    {
        DeclarePool declare => Declare(state, declare, turn),
        ReadPools read => Decision.Answer(read, new(state.Pools.Select(state.View).ToValueList())),
        Allocate allocate => Allocating.Decide(state, allocate, turn),
        RenewAllocation renew => Allocating.Decide(state, renew, turn),
        ReleaseAllocation release => Allocating.Decide(state, release, turn),
        EndAllocation end => Freeing.Decide(state, end, turn),
        FreeAllocation free => Freeing.Decide(state, free, turn),
        FreeTask free => Freeing.Decide(state, free, turn),
        NoteOffline note => Freeing.Decide(state, note),
        LimitAgents limit => limit.Limits == state.Limits ? Decision.Note() : Decision.Note(new AgentsLimited(limit.Limits, turn.Now)),
        FreeAgent free => Freeing.Decide(state, free, turn),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static PoolState Apply(PoolState state, PoolEvent happened)
    {
        state.Apply(happened);
        return state;
    }

    /// <inheritdoc/>
    public static string Channels(PoolState state, PoolEvent happened) => happened switch
    {
        ResourcesAllocated { Allocation: var given } => Of(given),
        AllocationRenewed e => Of(state.Find(e.Id)),
        AllocationEnded e => Of(state.Find(e.Id)),
        _ => "",
    };

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(PoolState state) => state.Active.Select(Allocating.Arm);

    private static Decision Declare(PoolState state, DeclarePool declare, in Turn turn)
    {
        var known = state.Find(declare.Name);
        Pool pool = new(declare.Name, declare.Total, declare.Unit ?? known?.Pool.Unit ?? Pool.PlainUnit);
        if (known is null && state.Pools.Count >= Pool.Most)
        {
            return Decision.Answer(declare, new DeclareReply.TooMany(Pool.Most));
        }

        DeclareReply.Declared declared = new(state.View(pool), known is null);
        return known?.Pool == pool
            ? Decision.Answer(declare, declared)
            : Decision.Answer(declare, declared, new PoolDeclared(pool, turn.Now));
    }

    private static string Of(Allocation? allocation) => allocation switch
    {
        null => "",
        { Task: { } task } => $"agent:{allocation.Agent}\ntask:{task}",
        _ => $"agent:{allocation.Agent}",
    };
}
