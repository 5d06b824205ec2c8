using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Agents;

/// <summary>What can be asked of an Agent actor. Closed: every case is in this folder. Names on disk are of those that travel as messages or timers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(WatchAgent), "watch-agent.v1")]
[JsonDerivedType(typeof(AskSign), "ask-sign.v1")]
[JsonDerivedType(typeof(AskGone), "ask-gone.v1")]
[JsonDerivedType(typeof(HoldResources), "hold-resources.v1")]
[JsonDerivedType(typeof(AskOffline), "ask-offline.v1")]
[JsonDerivedType(typeof(CheckPresence), "check-presence.v1")]
[JsonDerivedType(typeof(EndGrace), "end-grace.v1")]
[JsonDerivedType(typeof(ForgetSign), "forget-sign.v1")]
[JsonDerivedType(typeof(TakeMail), "take-mail.v1")]
[JsonDerivedType(typeof(RefuseDelegation), "refuse-delegation.v1")]
[JsonDerivedType(typeof(ExpireDelegation), "expire-delegation.v1")]
[JsonDerivedType(typeof(RegisterAgent), "register-agent.v1")]
[JsonDerivedType(typeof(DeregisterAgent), "deregister-agent.v1")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat.v1")]
[JsonDerivedType(typeof(ReadAgent), "read-agent.v1")]
[JsonDerivedType(typeof(SeeAgent), "see-agent.v1")]
public abstract partial record AgentCommand : ICommand
{
    private AgentCommand()
    {
    }

    /// <summary>Registers the agent, or replaces its registration. A sign of life.</summary>
    /// <param name="Profile">All of it: what is left out is back at its default.</param>
    /// <param name="Rotate">Whether the handle so far becomes invalid.</param>
    /// <param name="Version">The version that was seen and no other; null when any will do.</param>
    public sealed record RegisterAgent(AgentProfile Profile, bool Rotate, long? Version = null) : AgentCommand, ICommand<RegisterReply>;

    /// <summary>Removes the registration. Its claims are freed.</summary>
    /// <param name="Version">The version that was seen and no other; null when any will do.</param>
    public sealed record DeregisterAgent(long? Version = null) : AgentCommand, ICommand<AgentReply>;

    /// <summary>Says that the agent is alive, and reads it.</summary>
    public sealed record Heartbeat : AgentCommand, ICommand<AgentReply>;

    /// <summary>Reads the agent. No sign of life: anybody may ask.</summary>
    public sealed record ReadAgent : AgentCommand, ICommand<AgentReply>, IReading;

    /// <summary>A call of the agent reached the bridge: a sign of life, also of an agent that is not registered. Nobody waits for it.</summary>
    public sealed record SeeAgent : AgentCommand;

    /// <summary>A registry wants to hear when the agent is gone.</summary>
    /// <param name="Project">The registry's.</param>
    public sealed record WatchAgent(string Project) : AgentCommand;

    /// <summary>A registry wants to know whether a lease is over.</summary>
    /// <param name="Project">The registry's.</param>
    /// <param name="Task">The task held.</param>
    /// <param name="Token">The claim's.</param>
    /// <param name="Question">Comes back with the answer.</param>
    public sealed record AskSign(string Project, TaskId Task, FencingToken Token, long Question) : AgentCommand;

    /// <summary>A registry that was told that the agent is gone wants to know whether it still is.</summary>
    /// <param name="Project">The registry's.</param>
    /// <param name="UpTo">The last token that it has given; comes back with the answer.</param>
    public sealed record AskGone(string Project, FencingToken UpTo) : AgentCommand;

    /// <summary>The resource pool gave the agent something, and wants to hear when it goes offline.</summary>
    public sealed record HoldResources : AgentCommand;

    /// <summary>The resource pool was told that the agent went offline, and wants to know whether it still is.</summary>
    /// <param name="UpTo">The place of the last allocation that was given; comes back with the answer.</param>
    public sealed record AskOffline(long UpTo) : AgentCommand;

    /// <summary>The time-to-live of the last sign may be over. Sent by the agent's own timer.</summary>
    public sealed record CheckPresence : AgentCommand;

    /// <summary>The grace of an agent that broke its promise is over. Sent by the agent's own timer.</summary>
    public sealed record EndGrace : AgentCommand;

    /// <summary>No lease can hang on the last sign any more. Sent by the agent's own timer.</summary>
    public sealed record ForgetSign : AgentCommand;
}

/// <summary>The answer to <see cref="AgentCommand.RegisterAgent"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Registered), "agent-register.v1")]
[JsonDerivedType(typeof(VersionMismatch), "agent-register-version-mismatch.v1")]
public abstract record RegisterReply
{
    private RegisterReply()
    {
    }

    /// <summary>It is registered.</summary>
    /// <param name="Agent">As registered.</param>
    /// <param name="Created">Whether it was not registered before.</param>
    /// <param name="HandleIsNew">Whether its handle is to be shown: it was created, or rotated.</param>
    public sealed record Registered(AgentView Agent, bool Created, bool HandleIsNew) : RegisterReply;

    /// <summary>It was changed since it was seen; nothing happened.</summary>
    /// <param name="Seen">The version asked for.</param>
    /// <param name="Current">The version now; 0 when it is not registered.</param>
    public sealed record VersionMismatch(long Seen, long Current) : RegisterReply;
}

/// <summary>The answer to a command about a registered agent.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "agent-found.v1")]
[JsonDerivedType(typeof(NotFound), "agent-not-found.v1")]
[JsonDerivedType(typeof(VersionMismatch), "agent-version-mismatch.v1")]
public abstract record AgentReply
{
    private AgentReply()
    {
    }

    /// <summary>Done; this is the agent now, or was when it was removed.</summary>
    /// <param name="Agent">The agent.</param>
    public sealed record Found(AgentView Agent) : AgentReply;

    /// <summary>It is not registered.</summary>
    public sealed record NotFound : AgentReply;

    /// <summary>It was changed since it was seen; nothing happened.</summary>
    /// <param name="Seen">The version asked for.</param>
    /// <param name="Current">The version now.</param>
    public sealed record VersionMismatch(long Seen, long Current) : AgentReply;
}
