using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// When the oracles of the journal hear of something: as it happens, or again, after a rollback, because it is left of
/// what had happened. Then nothing is counted, and nothing is early.
/// </summary>
internal sealed class Present(World world, FaultCounts counts)
{
    public bool IsRemembering { get; set; }

    public TimeSpan Now => world.Clock.Elapsed;

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
