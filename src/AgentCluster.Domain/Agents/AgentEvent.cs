using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Agents;

/// <summary>What has happened to an agent. Names on disk carry a version and are never reused; those without a name are soft.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(AgentRegistered), "agent-registered.v1")]
[JsonDerivedType(typeof(AgentUpdated), "agent-updated.v1")]
[JsonDerivedType(typeof(HandleRotated), "handle-rotated.v1")]
[JsonDerivedType(typeof(AgentDeregistered), "agent-deregistered.v1")]
[JsonDerivedType(typeof(AgentCameOnline), "agent-came-online.v1")]
[JsonDerivedType(typeof(AgentWentOffline), "agent-went-offline.v1")]
[JsonDerivedType(typeof(GraceEnded), "grace-ended.v1")]
[JsonDerivedType(typeof(WatcherAdded), "watcher-added.v1")]
[JsonDerivedType(typeof(ResourcesHeld), "resources-held.v1")]
[JsonDerivedType(typeof(MailReceived), "mail-received.v1")]
[JsonDerivedType(typeof(MailSent), "mail-sent.v1")]
[JsonDerivedType(typeof(MailAcknowledged), "mail-acknowledged.v1")]
[JsonDerivedType(typeof(DelegationRequested), "delegation-requested.v1")]
[JsonDerivedType(typeof(DelegationMoved), "delegation-moved.v1")]
public abstract partial record AgentEvent
{
    private AgentEvent()
    {
    }

    /// <summary>The agent was not registered, and is now; it is online. Handles from before are invalid.</summary>
    /// <param name="Profile">What it says of itself.</param>
    /// <param name="At">UTC.</param>
    public sealed record AgentRegistered(AgentProfile Profile, DateTimeOffset At) : AgentEvent;

    /// <summary>The registration was replaced.</summary>
    /// <param name="Profile">What it says of itself from here on.</param>
    /// <param name="At">UTC.</param>
    public sealed record AgentUpdated(AgentProfile Profile, DateTimeOffset At) : AgentEvent;

    /// <summary>The handle so far became invalid.</summary>
    /// <param name="At">UTC.</param>
    public sealed record HandleRotated(DateTimeOffset At) : AgentEvent;

    /// <summary>The registration was removed.</summary>
    /// <param name="At">UTC.</param>
    public sealed record AgentDeregistered(DateTimeOffset At) : AgentEvent;

    /// <summary>A sign of life of an agent that was offline.</summary>
    /// <param name="At">UTC.</param>
    public sealed record AgentCameOnline(DateTimeOffset At) : AgentEvent;

    /// <summary>No sign of life for the whole time-to-live.</summary>
    /// <param name="At">UTC.</param>
    /// <param name="Promised">Whether it had promised to beat, so that its grace begins.</param>
    public sealed record AgentWentOffline(DateTimeOffset At, bool Promised) : AgentEvent;

    /// <summary>No sign of life within the grace either: its watchers free its claims.</summary>
    /// <param name="At">UTC.</param>
    public sealed record GraceEnded(DateTimeOffset At) : AgentEvent;

    /// <summary>A registry wants to hear when the agent is gone.</summary>
    /// <param name="Project">The registry's.</param>
    public sealed record WatcherAdded(string Project) : AgentEvent;

    /// <summary>The agent was given resources: from here on the pool hears when it goes offline.</summary>
    public sealed record ResourcesHeld : AgentEvent;

    /// <summary>Soft: a sign of life.</summary>
    /// <param name="Uptime">Monotonic time of the node.</param>
    public sealed record SignGiven(TimeSpan Uptime) : AgentEvent;

    /// <summary>Soft: the last sign is of no use any more.</summary>
    public sealed record SignForgotten : AgentEvent;
}
