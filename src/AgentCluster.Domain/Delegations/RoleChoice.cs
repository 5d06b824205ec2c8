using AgentCluster.Domain.Agents;

namespace AgentCluster.Domain.Delegations;

/// <summary>Who may be chosen for a role.</summary>
/// <param name="Agent">A holder of the role.</param>
/// <param name="Online">Whether it is there.</param>
/// <param name="Delegations">How many open ones it was given.</param>
/// <param name="Claims">How many tasks it holds.</param>
public sealed record Holder(AgentId Agent, bool Online, int Delegations, int Claims)
{
    /// <summary>How much it has to do.</summary>
    public int Load => Delegations + Claims;
}

/// <summary>Who is asked when a role is.</summary>
public static class RoleChoice
{
    /// <summary>Chooses who is there and has least to do; among equals the first by id. Of those who are not there, only when nobody is.</summary>
    /// <param name="role">The role.</param>
    /// <param name="from">Who asks: never chosen.</param>
    /// <param name="holders">Of the role.</param>
    /// <returns>Who, with the reason; null when nobody else holds the role.</returns>
    public static Addressee? Pick(string role, AgentId from, IReadOnlyList<Holder> holders)
    {
        List<Holder> others = [.. holders.Where(holder => holder.Agent != from)];
        var there = others.FindAll(holder => holder.Online);
        var chosen = (there.Count > 0 ? there : others)
            .OrderBy(holder => holder.Load)
            .ThenBy(holder => holder.Agent.Value, StringComparer.Ordinal)
            .FirstOrDefault();
        return chosen is null ? null : new(chosen.Agent, chosen.Online, role, Why(role, chosen, there.Count));
    }

    private static string Why(string role, Holder chosen, int there) => chosen.Online
        ? $"'{chosen.Agent}' has least to do of {there} online with the role '{role}': {chosen.Delegations} open delegations and {chosen.Claims} claims."
        : $"Nobody with the role '{role}' is online; '{chosen.Agent}' has least to do: {chosen.Delegations} open delegations and {chosen.Claims} claims.";
}
