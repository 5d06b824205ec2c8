namespace AgentCluster.Domain.Agents;

/// <summary>How long an agent may be silent.</summary>
public static class AgentTimes
{
    /// <summary>Until an agent that promised nothing is shown offline: 120 s.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(120);

    /// <summary>From offline until the claims of an agent that promised to beat are freed: 60 s.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>How long a last sign is remembered: an hour more than the longest lease that can hang on it.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(Bounds.LeaseSeconds) + TimeSpan.FromHours(1);

    /// <summary>An agent's time-to-live.</summary>
    /// <param name="profile">Its registration.</param>
    public static TimeSpan TtlOf(AgentProfile profile) =>
        profile.HeartbeatTtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Ttl;
}
