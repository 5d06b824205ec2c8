using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// When the oracles of the journal hear of something: as it happens, or again, after a rollback, because it is left of
/// what had happened. Then nothing is counted, and nothing is early.
/// </summary>
internal sealed class Present(World world, FaultCounts counts, MemberOracle members)
{
    public bool IsRemembering { get; set; }

    public TimeSpan Now => world.Clock.Elapsed;

    /// <summary>
    /// Whether a sign of life that is answered now counts. What a beat changes is not written: a node that an operator declared down
    /// hears it as long as it does not know, and whoever took its shards at once does not.
    /// </summary>
    public bool IsHeard => !members.IsDoubtful;

    public void Reached(string state)
    {
        if (!IsRemembering)
        {
            counts.Reached(state);
        }
    }

    /// <summary>Whether it happens before a promise ends.</summary>
    /// <param name="until">Simulated time.</param>
    public bool IsBefore(TimeSpan until) => !IsRemembering && Now < until;
}
