using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Operations;

/// <summary>Checks what a shape alone cannot: who is named against who calls.</summary>
internal static class Fields
{
    /// <summary>Finds out as whom the caller acts.</summary>
    /// <param name="call">The call.</param>
    /// <param name="named">The agent that the request names; null when it names none.</param>
    /// <param name="agent">Who acts.</param>
    /// <param name="field">Where the request names it.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Problem? WrongAgent(in Call call, string? named, out string agent, string field = "agent")
    {
        agent = named ?? call.Caller ?? string.Empty;
        return agent.Length == 0
            ? Problem.Invalid(field, "must name the agent that acts, where no handle does; it is missing.")
            : call.IsSomebodyElseThan(agent)
                ? new(ProblemKind.Forbidden, $"The handle or key is of '{call.Caller}', who cannot act as '{Faults.Shown(agent)}'.")
                : null;
    }
}
