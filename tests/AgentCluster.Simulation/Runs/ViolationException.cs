namespace AgentCluster.Simulation.Runs;

/// <summary>An invariant did not hold. The name is that of the invariant; the rest is for people.</summary>
/// <param name="invariant">For example <c>S4 one-holder</c>.</param>
/// <param name="detail">What was expected, what was found.</param>
public sealed class ViolationException(string invariant, string detail) : Exception($"{invariant}: {detail}")
{
    /// <summary>The name of the invariant.</summary>
    public string Invariant { get; } = invariant;
}
