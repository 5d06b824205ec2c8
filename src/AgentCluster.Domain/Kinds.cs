using AgentCluster.Actors;

namespace AgentCluster.Domain;

/// <summary>The addresses of the domain's actors.</summary>
public static class Kinds
{
    /// <summary>The task registry of a project: <c>registry/name</c>.</summary>
    public const string Registry = "registry";

    /// <summary>An agent: <c>agent/id</c>.</summary>
    public const string Agent = "agent";

    /// <summary>The registry of a project.</summary>
    /// <param name="project">See <see cref="Storable.IsName"/>.</param>
    public static ActorId RegistryOf(string project) => new(Registry, project);

    /// <summary>An agent's actor.</summary>
    /// <param name="agent">The agent.</param>
    public static ActorId AgentOf(AgentId agent) => new(Agent, agent.Value);
}
