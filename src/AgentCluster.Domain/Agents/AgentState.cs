using System.Text.Json.Serialization;
using AgentCluster.Actors;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Domain.Agents;

/// <summary>What an Agent actor remembers: facts, and softly when it last heard of the agent.</summary>
/// <param name="id">The agent's id.</param>
/// <param name="facts">As its events made it.</param>
public sealed class AgentState(string id, AgentFacts facts) : IRowState
{
    private bool _isTouched;

    /// <summary>The agent's id.</summary>
    public string Id => id;

    /// <summary>As its events made it.</summary>
    public AgentFacts Facts { get; private set; } = facts;

    /// <summary>Soft: monotonic time of the last sign of life on this node; null when there was none since the actor is here.</summary>
    [JsonIgnore]
    public TimeSpan? LastSign { get; private set; }

    [JsonIgnore]
    internal AgentId Agent => new(id);

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        if (_isTouched)
        {
            into.Add(AgentRow.Key(Agent));
            _isTouched = false;
        }
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) => Facts.Profile is null ? null : AgentRow.Write(Agent, Facts);

    internal void Apply(AgentEvent happened)
    {
        switch (happened)
        {
            case SignGiven e:
                LastSign = e.Uptime;
                break;
            case SignForgotten:
                LastSign = null;
                break;
            default:
                Facts = Facts.After(happened);
                _isTouched |= happened is not WatcherAdded;
                break;
        }
    }
}
