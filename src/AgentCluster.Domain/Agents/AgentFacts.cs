using System.Text.Json.Serialization;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Domain.Agents;

/// <summary>An agent as its events made it. Immutable, so that a decision can show the agent as it will be.</summary>
public sealed record AgentFacts
{
    /// <summary>Most registries that are told when the agent is gone; the oldest gives way.</summary>
    private const int MostWatchers = 500;

    /// <summary>What it says of itself; null while it is not registered.</summary>
    public AgentProfile? Profile { get; init; }

    /// <summary>Counts handles: only the last one is valid.</summary>
    public int Rotation { get; init; }

    /// <summary>Grows with each change of the registration.</summary>
    public long Version { get; init; }

    /// <summary>Whether it is registered and gave a sign of life within its time-to-live.</summary>
    public bool Online { get; init; }

    /// <summary>Whether it broke its promise to beat, and its claims are about to be freed.</summary>
    public bool InGrace { get; init; }

    /// <summary>Whether nothing is waited for any more: it is not registered, or offline with its grace over.</summary>
    [JsonIgnore]
    public bool IsGone => Profile is null || (!Online && !InGrace);

    /// <summary>Projects whose registries want to hear when it is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Watchers { get; init; }

    /// <summary>Whether it was ever given resources, so that their pool wants to hear when it goes offline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HoldsResources { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    internal AgentFacts After(AgentEvent happened) => happened switch
    {
        AgentRegistered e => this with
        {
            Profile = e.Profile,
            Rotation = Rotation + 1,
            Version = Version + 1,
            Online = true,
            InGrace = false,
            CreatedAt = e.At,
            UpdatedAt = e.At,
        },
        AgentUpdated e => this with { Profile = e.Profile, Version = Version + 1, UpdatedAt = e.At },
        HandleRotated e => this with { Rotation = Rotation + 1, Version = Version + 1, UpdatedAt = e.At },
        AgentDeregistered => this with { Profile = null, Online = false, InGrace = false, Version = Version + 1 },
        AgentCameOnline => this with { Online = true, InGrace = false },
        AgentWentOffline e => this with { Online = false, InGrace = e.Promised },
        GraceEnded => this with { InGrace = false },
        ResourcesHeld => this with { HoldsResources = true },
        WatcherAdded e => this with
        {
            Watchers = (Watchers.Count < MostWatchers ? Watchers : ValueList.Of(Watchers.AsSpan()[1..])).With(e.Project),
        },
        _ => this,
    };

    internal AgentView View(AgentId id) => new(id, Profile!, Online, Rotation, Version, CreatedAt, UpdatedAt);
}
