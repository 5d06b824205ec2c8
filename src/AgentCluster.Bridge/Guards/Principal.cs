using AgentCluster.Domain.Access;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Guards;

/// <summary>Who calls, and what it may: known before anything else of a request is read.</summary>
internal sealed class Principal
{
    private readonly int _rights;

    private Principal(string name, string commands, string? agent, string? project, IEnumerable<Scope> scopes)
    {
        Name = name;
        Commands = commands;
        Agent = agent;
        Project = project;
        _rights = scopes.Aggregate(0, (rights, scope) => rights | Bit(scope));
    }

    /// <summary>A caller of this machine that shows neither key nor handle, where that is allowed: it may do everything, as anybody.</summary>
    public static Principal Local { get; } = new("local", "local", null, null, Enum.GetValues<Scope>());

    /// <summary>For people: an agent's id, <c>key</c> and the key's id, or <c>local</c>.</summary>
    public string Name { get; }

    /// <summary>Whose Idempotency-Keys these are. No agent can be called like a key: names hold no control characters.</summary>
    public string Commands { get; }

    /// <summary>The only agent that it may act as; null for all.</summary>
    public string? Agent { get; }

    /// <summary>The only project that it may touch; null for all.</summary>
    public string? Project { get; }

    /// <summary>Whoever shows an agent's handle: it may do the agent's own work.</summary>
    /// <param name="agent">The agent's id.</param>
    public static Principal OfHandle(string agent) => new(
        agent,
        agent,
        agent,
        null,
        [
            Scope.TasksRead, Scope.TasksClaim, Scope.AgentsRead, Scope.AgentsWrite, Scope.EventsRead, Scope.MessagesRead, Scope.MessagesSend,
            Scope.ReservationsWrite,
        ]);

    /// <summary>Whoever shows a key.</summary>
    /// <param name="key">The key; good.</param>
    public static Principal OfKey(AccessKey key) => new(
        $"key {key.Id}", key.Agent?.Value ?? $"key\t{key.Id}", key.Agent?.Value, key.Project, key.Scopes);

    /// <summary>Whether it was given a right. <see cref="Scope.Open"/> needs none.</summary>
    /// <param name="scope">The right.</param>
    public bool May(Scope scope) => scope == Scope.Open || (_rights & Bit(scope)) != 0;

    private static int Bit(Scope scope) => 1 << (int)scope;
}
