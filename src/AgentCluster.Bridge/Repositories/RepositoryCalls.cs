using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Repositories;

/// <summary>What the operations on repositories have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Conflicts">Reads conflicts.</param>
/// <param name="Delegations">Knows who has a role.</param>
/// <param name="Stakes">Knows what hangs on a reservation.</param>
/// <param name="Signs">Hears that agents are alive.</param>
/// <param name="Ids">Mints ids.</param>
internal sealed record RepositoryCalls(
    IActorClient Actors, ConflictQueries Conflicts, DelegationQueries Delegations, Stakes Stakes, Signs Signs, IIdSource Ids)
{
    /// <summary>Asks the detector of the repository that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(Call call, ICommand<TReply> command, CommandId? id) =>
        AskAsync(call.Subject, command, id);

    /// <summary>Asks a repository's detector.</summary>
    /// <param name="repository">Its name.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(string repository, ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(Kinds.DetectorOf(repository), command, id, CancellationToken.None);

    /// <summary>Who can be asked as a holder of a role; null when nobody else is there.</summary>
    /// <param name="role">The role.</param>
    /// <param name="agent">Who is not meant.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<AgentId?> FindAsync(string role, string agent, CancellationToken cancellationToken) =>
        RoleChoice.Pick(role, new(agent), await Delegations.HoldersAsync(role, cancellationToken)) is { Online: true } found ? found.Agent : null;
}
