using AgentCluster.Actors;
using AgentCluster.Bridge.Caches;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>
/// Tells Agent actors that their agents are alive. A holder may call with nothing but its token; whose token it is was
/// seen when the claim went by, or is read once from the registry.
/// </summary>
/// <param name="actors">Sends what may be lost.</param>
/// <param name="clock">Unused by entries that never expire.</param>
internal sealed class Signs(IActorClient actors, TimeProvider clock)
{
    private const int Generation = 20_000;
    private static readonly AgentCommand.SeeAgent Sign = new();

    // A token is never valid for two claims, so an entry is true for ever.
    private readonly Recent<(string Task, long Token), string> _holders = new(Generation, lifetime: null, clock);

    /// <summary>Takes note of a sign of life.</summary>
    /// <param name="agent">Who gave it.</param>
    public void Seen(string agent) => actors.Tell(Kinds.AgentOf(new(agent)), Sign);

    /// <summary>Takes note of whose a token is.</summary>
    /// <param name="task">The task.</param>
    /// <param name="claim">Its claim.</param>
    public void Learn(string task, ClaimView claim) => _holders.Put((task, claim.Token.Value), claim.Agent.Value);

    /// <summary>Takes note of a sign of life of whoever held a task, where it is known who that was.</summary>
    /// <param name="task">The task.</param>
    /// <param name="token">As sent by the holder, and found right.</param>
    public void HolderSeen(string task, long token)
    {
        if (_holders.TryGet((task, token), out var agent))
        {
            Seen(agent);
        }
    }

    /// <summary>Takes note of a sign of life of whoever holds a task.</summary>
    /// <param name="registry">The task's.</param>
    /// <param name="task">The task.</param>
    /// <param name="token">As sent by the holder, and found right.</param>
    public async ValueTask HolderSeenAsync(ActorId registry, string task, long token)
    {
        if (await HolderAsync(registry, task, token) is { } agent)
        {
            Seen(agent);
        }
    }

    /// <summary>Whose a token is; null when it is nobody's any more, and not known whose it was.</summary>
    /// <param name="registry">The task's.</param>
    /// <param name="task">The task.</param>
    /// <param name="token">As sent.</param>
    public async ValueTask<string?> HolderAsync(ActorId registry, string task, long token)
    {
        if (_holders.TryGet((task, token), out var agent))
        {
            return agent;
        }

        var reply = await actors.AskAsync(registry, new TaskRegistryCommand.ReadTask(new(task)), id: null, CancellationToken.None);
        if (reply is not TaskReply.Found { Task.Claim: { } claim } || claim.Token.Value != token)
        {
            return null;
        }

        Learn(task, claim);
        return claim.Agent.Value;
    }
}
