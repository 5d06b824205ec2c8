using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.Agents.AgentEvent;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Who is there. A1: nobody goes offline, or loses claims by it, before the time that a sign of life promises. A2: presence
/// goes only where it may from where it is. A3: a claim is freed only of one who was gone, and had not come back to get it.
/// </summary>
internal sealed class PresenceOracle(Present present)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private readonly Dictionary<AgentId, AgentModel> _agents = [];
    private readonly Dictionary<AgentId, TimeSpan> _signs = [];
    private readonly Dictionary<TaskId, (AgentId Agent, long Order)> _claims = [];
    private long _order;

    /// <summary>A call of an agent that is a sign of life was answered; it was sent then.</summary>
    public void Sign(AgentId agent, TimeSpan sentAt)
    {
        if (present.IsHeard && (!_signs.TryGetValue(agent, out var before) || before < sentAt))
        {
            _signs[agent] = sentAt;
        }
    }

    /// <summary>Whether an agent that promised to beat is offline, and holds something.</summary>
    public bool IsSilentHolder => _claims.Values.Any(claim => _agents.TryGetValue(claim.Agent, out var agent) && agent.IsInGrace);

    /// <summary>What was answered stands: a lost presence starts anew in full.</summary>
    public void Forget()
    {
        _agents.Clear();
        _claims.Clear();
    }

    /// <summary>What is left after a rollback was followed again: whoever had come back in the part that is lost is away, and its signs of life are lost with that.</summary>
    public void Remembered()
    {
        foreach (var (agent, _) in _agents.Where(each => !each.Value.IsOnline))
        {
            _signs.Remove(agent);
        }
    }

    public void Follow(ActorId actor, AgentEvent happened)
    {
        AgentId id = new(actor.Name);
        var agent = _agents.TryGetValue(id, out var known) ? known : _agents[id] = new();
        _order++;
        switch (happened)
        {
            case AgentRegistered e:
                Require(id, happened, !agent.IsOnline);
                (agent.Promise, agent.IsOnline, agent.IsInGrace, agent.Back) = (e.Profile.HeartbeatTtlSeconds, true, false, _order);
                break;
            case AgentUpdated e:
                agent.Promise = e.Profile.HeartbeatTtlSeconds;
                break;
            case AgentCameOnline:
                Require(id, happened, !agent.IsOnline);
                present.Reached(agent.IsInGrace ? "came back within the grace" : "came back");
                (agent.IsOnline, agent.IsInGrace, agent.Back) = (true, false, _order);
                break;
            case AgentWentOffline e:
                Require(id, happened, agent.IsOnline && e.Promised == agent.Promise is not null);
                NotBefore(id, agent.Ttl, "went offline");
                (agent.IsOnline, agent.IsInGrace) = (false, e.Promised);
                present.Reached(IsSilentHolder ? "offline with claims" : "offline");
                break;
            case GraceEnded:
                Require(id, happened, agent.IsInGrace);
                NotBefore(id, agent.Ttl + Grace, "was given up");
                (agent.IsInGrace, agent.Gone) = (false, _order);
                present.Reached("grace ended");
                break;
            case AgentDeregistered:
                (agent.IsOnline, agent.IsInGrace, agent.Gone) = (false, false, _order);
                present.Reached("deregistered");
                break;
        }
    }

    public void Follow(TaskRegistryEvent happened)
    {
        _order++;
        switch (happened)
        {
            case TaskClaimed e:
                _claims[e.Task] = (e.Agent, _order);
                break;
            case ClaimEnded { Cause: ClaimEnd.AgentGone } e:
                Freed(e, _claims[e.Task]);
                _claims.Remove(e.Task);
                break;
            case ClaimEnded or TaskCompleted or TaskCancelled or TaskDeleted:
                _claims.Remove(((IOfTask)happened).Task);
                break;
        }
    }

    private void Freed(ClaimEnded e, (AgentId Agent, long Order) claim)
    {
        var agent = _agents.GetValueOrDefault(claim.Agent);
        if (agent is not { Gone: > 0 })
        {
            throw new ViolationException("A3 freed", $"the claim of {e.Task} with {e.Token} was freed, and {claim.Agent} never was gone");
        }

        if (agent.Gone < agent.Back && agent.Back < claim.Order)
        {
            throw new ViolationException("A3 freed", $"the claim of {e.Task} with {e.Token} was freed, which {claim.Agent} got after it had come back");
        }
    }

    private void NotBefore(AgentId id, TimeSpan promised, string what)
    {
        if (_signs.TryGetValue(id, out var sign) && present.IsBefore(sign + (promised * 0.97)))
        {
            throw new ViolationException("A1 never-early", $"{id} {what} at {present.Now}, {promised} was promised after a sign of life at {sign}");
        }
    }

    private static void Require(AgentId id, AgentEvent happened, bool may)
    {
        if (!may)
        {
            throw new ViolationException("A2 presence", $"{happened} of {id} does not follow from what happened to it before");
        }
    }

    private sealed class AgentModel
    {
        /// <summary>Seconds; null when nothing was promised.</summary>
        public int? Promise { get; set; }

        public bool IsOnline { get; set; }

        public bool IsInGrace { get; set; }

        /// <summary>When it was last gone for good, in the order of events; 0 for never.</summary>
        public long Gone { get; set; }

        /// <summary>When it last came, in the order of events.</summary>
        public long Back { get; set; }

        public TimeSpan Ttl => Promise is { } seconds ? TimeSpan.FromSeconds(seconds) : PresenceOracle.Ttl;
    }
}
