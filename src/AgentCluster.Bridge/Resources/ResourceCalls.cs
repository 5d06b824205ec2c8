using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Resources;

/// <summary>What the operations on resources have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Allocations">Reads who has what, and had.</param>
/// <param name="Signs">Hears that agents are alive.</param>
/// <param name="Ids">Mints ids.</param>
internal sealed record ResourceCalls(IActorClient Actors, AllocationQueries Allocations, Signs Signs, IIdSource Ids)
{
    /// <summary>Asks the resource pool.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(Kinds.ResourcesOfAll, command, id, CancellationToken.None);
}
