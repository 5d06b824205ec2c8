using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Repositories;

/// <summary>What the operations on repositories have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Signs">Hears that agents are alive.</param>
internal sealed record RepositoryCalls(IActorClient Actors, Signs Signs)
{
    /// <summary>Asks the detector of the repository that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(Call call, ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(Kinds.DetectorOf(call.Subject), command, id, CancellationToken.None);
}
