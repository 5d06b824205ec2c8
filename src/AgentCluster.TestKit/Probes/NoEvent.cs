namespace AgentCluster.TestKit.Probes;

/// <summary>A probe decides without facts: there is no such event, and nobody can make one.</summary>
public sealed class NoEvent
{
    private NoEvent()
    {
    }
}
