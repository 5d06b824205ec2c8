using System.Globalization;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Domain.Policies;

/// <summary>Holds what somebody is about to do against the limits. All that is wrong is said, not the first of it.</summary>
internal static class Judging
{
    public static ValueList<Violation> Of(PolicyLimits limits, PolicyFacts facts) =>
        [.. Agents(limits, facts), .. Capabilities(facts), .. Resources(limits, facts), .. Dependencies(facts), .. Wip(limits, facts)];

    private static IEnumerable<Violation> Agents(PolicyLimits limits, PolicyFacts facts)
    {
        var found = facts.OthersWorking + facts.Agents.Count;
        return limits.MaxConcurrentAgents is { } most && found > most && facts.Agents.Count > 0
            ? [new(ViolationCode.MaxAgentsExceeded, $"{facts.Agents.Count} agents beside {facts.OthersWorking} that work already are {found}; at most {most} may work at a time.")
                {
                    Limit = most,
                    Found = found,
                }]
            : [];
    }

    private static IEnumerable<Violation> Capabilities(PolicyFacts facts)
    {
        var missing = facts.Required.Where(required => !facts.Capabilities.AsSpan().Contains(required)).ToValueList();
        return missing.IsEmpty
            ? []
            : [new(
                ViolationCode.InsufficientCapabilities,
                $"{(facts.Agents.IsEmpty ? "No registered agent" : $"None of {facts.Agents.Quoted()}")} can do "
                    + $"{string.Join(", ", missing)}: {missing.Count} of {facts.Required.Count} required capabilities are missing.")
                {
                    Missing = missing,
                }];
    }

    private static IEnumerable<Violation> Resources(PolicyLimits limits, PolicyFacts facts) =>
        from asked in facts.Amounts
        from agent in facts.Agents.Select(agent => (AgentId?)agent).DefaultIfEmpty()
        let pool = facts.Pools.FirstOrDefault(pool => pool.Name == asked.Resource)
        let most = Math.Min(limits.ResourceLimit.Of(asked.Resource) ?? decimal.MaxValue, pool?.Total ?? 0)
        let found = asked.Value + facts.Held.Where(held => held.Agent == agent && held.Amount.Resource == asked.Resource).Sum(held => held.Amount.Value)
        where found > most
        select new Violation(ViolationCode.ResourceLimitExceeded, Say(asked, pool, agent, found, most))
        {
            Limit = most,
            Found = found,
            Resource = asked.Resource,
            Agent = agent,
        };

    private static IEnumerable<Violation> Dependencies(PolicyFacts facts) => facts.DependsOn.Select(each => new Violation(
        ViolationCode.DependencyViolation,
        each.Status is { } status ? $"It depends on {each.Task}, which is {status}; expected completed." : $"It depends on {each.Task}, and there is no such task.")
    {
        Task = each.Task,
        Status = each.Status,
    });

    private static IEnumerable<Violation> Wip(PolicyLimits limits, PolicyFacts facts) =>
        facts.Project is { } project && limits.WipOf(project) is { } most && facts.TasksHeld >= most
            ? [new(ViolationCode.WipLimitExceeded, $"{facts.TasksHeld} tasks of the project '{project}' are held; at most {most} may be at a time.")
                {
                    Limit = most,
                    Found = facts.TasksHeld + 1,
                    Project = project,
                }]
            : [];

    private static string Say(Amount asked, Pool? pool, AgentId? agent, decimal found, decimal most)
    {
        var who = agent is { } named ? $"'{named}'" : "An agent";
        return pool is null
            ? $"There is no resource '{asked.Resource}'."
            : string.Create(CultureInfo.InvariantCulture, $"{who} would have {found} {pool.Unit} of {asked.Resource}; at most {most} may be had at a time.");
    }
}
