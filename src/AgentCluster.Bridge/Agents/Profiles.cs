using AgentCluster.Actors;
using AgentCluster.Bridge.Caches;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Agents;

/// <summary>Knows the registration of each agent, as it was a few seconds ago at most.</summary>
/// <param name="actors">Asks an agent's actor on a miss.</param>
/// <param name="clock">Measures how old an entry is.</param>
internal sealed class Profiles(IActorClient actors, TimeProvider clock)
{
    private const int Generation = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Recent<string, AgentView?> _known = new(Generation, Lifetime, clock);

    /// <summary>The registration of an agent, from the cache where it is there; null when the agent is not registered.</summary>
    /// <param name="agent">Its id.</param>
    public ValueTask<AgentView?> FindAsync(string agent) => _known.TryGet(agent, out var view) ? new(view) : ReadAsync(agent);

    /// <summary>The registration of an agent as it is now.</summary>
    /// <param name="agent">Its id.</param>
    public async ValueTask<AgentView?> ReadAsync(string agent)
    {
        var reply = await actors.AskAsync(Kinds.AgentOf(new(agent)), new AgentCommand.ReadAgent(), id: null, CancellationToken.None);
        var view = (reply as AgentReply.Found)?.Agent;
        _known.Put(agent, view);
        return view;
    }

    /// <summary>What a registry must know of an agent that claims; null when the agent is not registered.</summary>
    /// <param name="agent">Its id.</param>
    public async ValueTask<ClaimProfile?> ClaimProfileAsync(string agent) =>
        await FindAsync(agent) is { } view ? new(view.Profile.MaxConcurrent, view.Profile.Capabilities) : null;

    /// <summary>Takes note of a registration that came by.</summary>
    /// <param name="view">As its actor answered.</param>
    public void Learn(AgentView view) => _known.Put(view.Id.Value, view);

    /// <summary>Takes note that an agent is gone.</summary>
    /// <param name="agent">Its id.</param>
    public void Forget(string agent) => _known.Forget(agent);
}
