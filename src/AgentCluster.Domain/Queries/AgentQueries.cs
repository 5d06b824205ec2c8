using AgentCluster.Actors;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Domain.Queries;

/// <summary>Which agents to list. What is null does not narrow.</summary>
public sealed record AgentFilter
{
    /// <summary>That have this role.</summary>
    public string? Role { get; init; }

    /// <summary>That have this capability.</summary>
    public string? Capability { get; init; }

    /// <summary>That are there, or not.</summary>
    public PresenceFilter? Presence { get; init; }
}

/// <summary>Whether an agent is there.</summary>
public enum PresenceFilter
{
    /// <summary>Online, and holds fewer claims than it may.</summary>
    Idle,

    /// <summary>Online, and holds as many claims as it may.</summary>
    Busy,

    /// <summary>Not online.</summary>
    Offline,
}

/// <summary>An agent, and how many claims it holds.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Claims">Over all projects.</param>
public sealed record AgentItem(AgentView Agent, int Claims)
{
    /// <summary>Whether it is there: computed on reading.</summary>
    public PresenceFilter Presence => !Agent.Online ? PresenceFilter.Offline
        : Claims >= Agent.Profile.MaxConcurrent ? PresenceFilter.Busy
        : PresenceFilter.Idle;
}

/// <summary>A page of agents.</summary>
/// <param name="Agents">By id.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AgentPage(IReadOnlyList<AgentItem> Agents, long Total);

/// <summary>The capability matrix.</summary>
/// <param name="Capabilities">By name.</param>
/// <param name="Roles">By name.</param>
public sealed record Abilities(IReadOnlyList<Ability> Capabilities, IReadOnlyList<Ability> Roles);

/// <summary>Who has a capability or a role.</summary>
/// <param name="Name">Of it.</param>
/// <param name="Agents">At most 200 of those who have it; who is online comes first.</param>
/// <param name="Total">How many have it.</param>
/// <param name="Online">How many of those are online.</param>
public sealed record Ability(string Name, IReadOnlyList<AgentView> Agents, int Total, int Online)
{
    /// <summary>Most agents that are named in one entry.</summary>
    public const int MostShown = 200;
}

/// <summary>Reads registered agents from their committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class AgentQueries(IRowReader rows)
{
    private const int Chunk = 500;

    // Idle and busy are not stored, so a list of them reads everybody who is online: twice the agents that are planned for.
    private const int MostOnline = 20_000;

    private readonly TaskQueries _tasks = new(rows);

    /// <summary>Lists agents.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<AgentPage> ListAsync(
        AgentFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        var isComputed = filter.Presence is PresenceFilter.Idle or PresenceFilter.Busy;
        var page = await rows.QueryAsync(
            new(AgentTables.Agent)
            {
                Where = Conditions(filter),
                Limit = isComputed ? MostOnline : limit,
                Offset = isComputed ? 0 : offset,
                WithTotal = true,
            },
            cancellationToken);
        var agents = await CountAsync([.. page.Rows.Select(AgentRow.Read)], cancellationToken);
        if (!isComputed)
        {
            return new(agents, page.Total!.Value);
        }

        agents.RemoveAll(agent => agent.Presence != filter.Presence);
        return new([.. agents.Skip(offset).Take(limit)], agents.Count);
    }

    /// <summary>A registered agent; null when it is not. For caches of registrations: no sign of life.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<AgentView?> FindAsync(AgentId agent, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(AgentTables.Agent, [agent.Value], cancellationToken);
        return found is [var row] ? AgentRow.Read(row) : null;
    }

    /// <summary>Those of some agents that are registered, in no order. No sign of life.</summary>
    /// <param name="agents">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<IReadOnlyList<AgentView>> FindAllAsync(IEnumerable<AgentId> agents, CancellationToken cancellationToken) =>
        [.. (await rows.ReadAsync(AgentTables.Agent, [.. agents.Select(agent => agent.Value)], cancellationToken)).Select(AgentRow.Read)];

    /// <summary>Who can do what, and who has which role: each capability and each role once, by name.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Of at most 20,000 agents; those that are online first in each entry.</returns>
    public async ValueTask<Abilities> AbilitiesAsync(CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(new(AgentTables.Agent) { Limit = MostOnline }, cancellationToken);
        AgentView[] agents =
        [
            .. page.Rows.Select(AgentRow.Read)
                .OrderByDescending(agent => agent.Online)
                .ThenBy(agent => agent.Id.Value, StringComparer.Ordinal),
        ];
        return new(By(profile => profile.Capabilities), By(profile => profile.Roles));

        IReadOnlyList<Ability> By(Func<AgentProfile, ValueList<string>> names) =>
        [
            .. agents.SelectMany(agent => names(agent.Profile).Distinct(), (agent, name) => (agent, name))
                .GroupBy(each => each.name, each => each.agent, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new Ability(group.Key, [.. group.Take(Ability.MostShown)], group.Count(), group.Count(agent => agent.Online))),
        ];
    }

    private async ValueTask<List<AgentItem>> CountAsync(
        IReadOnlyList<AgentView> agents, CancellationToken cancellationToken)
    {
        List<AgentItem> counted = new(agents.Count);
        foreach (var chunk in agents.Chunk(Chunk))
        {
            var claims = await _tasks.ClaimsAsync([.. chunk.Select(agent => agent.Id)], cancellationToken);
            counted.AddRange(chunk.Select(agent => new AgentItem(agent, claims.GetValueOrDefault(agent.Id))));
        }

        return counted;
    }

    private static List<RowCondition> Conditions(AgentFilter filter)
    {
        List<RowCondition> where = [];
        if (filter.Role is { } role)
        {
            where.Add(new("roles", RowTest.Contains, RowValue.Of(Lines.Needle(role))));
        }

        if (filter.Capability is { } capability)
        {
            where.Add(new("capabilities", RowTest.Contains, RowValue.Of(Lines.Needle(capability))));
        }

        if (filter.Presence is { } presence)
        {
            where.Add(new("online", RowTest.Equal, RowValue.Of(presence != PresenceFilter.Offline)));
        }

        return where;
    }
}
