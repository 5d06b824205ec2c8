using AgentCluster.Actors;

namespace AgentCluster.Domain;

/// <summary>The addresses of the domain's actors.</summary>
public static class Kinds
{
    /// <summary>The task registry of a project: <c>registry/name</c>.</summary>
    public const string Registry = "registry";

    /// <summary>An agent: <c>agent/id</c>.</summary>
    public const string Agent = "agent";

    /// <summary>The registry of keys: <c>keys/cluster</c>.</summary>
    public const string Keys = "keys";

    /// <summary>Who was refused what: <c>audit/cluster</c>.</summary>
    public const string Audit = "audit";

    /// <summary>The conflict detector of a repository: <c>detector/name</c>.</summary>
    public const string Detector = "detector";

    /// <summary>What there is to share: <c>resources/cluster</c>.</summary>
    public const string Resources = "resources";

    /// <summary>How far agents may go: <c>policy/cluster</c>.</summary>
    public const string Policy = "policy";

    /// <summary>How far agents may go.</summary>
    public static ActorId PolicyOfAll { get; } = new(Policy, "cluster");

    /// <summary>What there is to share.</summary>
    public static ActorId ResourcesOfAll { get; } = new(Resources, "cluster");

    /// <summary>The registry of keys.</summary>
    public static ActorId KeysOfAll { get; } = new(Keys, "cluster");

    /// <summary>The audit.</summary>
    public static ActorId AuditOfAll { get; } = new(Audit, "cluster");

    /// <summary>The registry of a project.</summary>
    /// <param name="project">See <see cref="Storable.IsName"/>.</param>
    public static ActorId RegistryOf(string project) => new(Registry, project);

    /// <summary>The conflict detector of a repository.</summary>
    /// <param name="repository">See <see cref="Storable.IsName"/>.</param>
    public static ActorId DetectorOf(string repository) => new(Detector, repository);

    /// <summary>An agent's actor.</summary>
    /// <param name="agent">The agent.</param>
    public static ActorId AgentOf(AgentId agent) => new(Agent, agent.Value);
}
