using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>The contract's words for enumerations, without a lookup by reflection.</summary>
internal static class Names
{
    private static readonly string[] Priorities = ["P0", "P1", "P2", "P3", "P4"];

    /// <summary><c>P0</c> to <c>P4</c>.</summary>
    /// <param name="priority">Any.</param>
    public static string Of(Priority priority) => Priorities[(int)priority];
}
