using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Resources;

/// <summary>What the operations on resources have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Allocations">Reads who has what, and had.</param>
/// <param name="Tasks">Knows who holds claims.</param>
/// <param name="Homes">Knows each task's project.</param>
/// <param name="Signs">Hears that agents are alive.</param>
/// <param name="Ids">Mints ids.</param>
internal sealed record ResourceCalls(IActorClient Actors, AllocationQueries Allocations, TaskQueries Tasks, Homes Homes, Signs Signs, IIdSource Ids)
{
    /// <summary>Asks the resource pool.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(ICommand<TReply> command, CommandId? id) => AskAsync(Kinds.ResourcesOfAll, command, id);

    /// <summary>Asks the resource pool or the policy.</summary>
    /// <param name="actor">Which.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(actor, command, id, CancellationToken.None);

    /// <summary>The task that a request names, as it stands now.</summary>
    /// <param name="named">Null when it names none.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The task, null when none is named; or that there is none of that id.</returns>
    public async ValueTask<(TaskView? Task, Problem? Missing)> FindAsync(TaskId? named, CancellationToken cancellationToken) =>
        named is not { } id ? (null, null)
        : await Homes.ReadAsync(Actors, id, cancellationToken) is { } task ? (task, null)
        : (null, Problem.NotFound("task", id.Value));

    /// <summary>Gives what is asked for; where there is not enough, also what agents without a claim have for nothing.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="id">Makes it take effect once: a refusal has no effect, so it is asked under the same one again.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<AllocateReply> AllocateAsync(Allocation asked, CommandId? id, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(new PoolCommand.Allocate(asked), id);
        if (reply is not AllocateReply.Insufficient { Holders: { IsEmpty: false } holders })
        {
            return reply;
        }

        var claims = await Tasks.ClaimsAsync([.. holders], cancellationToken);
        var idle = holders.Where(holder => !claims.ContainsKey(holder)).ToValueList();
        return idle.IsEmpty ? reply : await AskAsync(new PoolCommand.Allocate(asked, idle), id);
    }
}
