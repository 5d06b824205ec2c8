using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Agents.AgentEvent>;

namespace AgentCluster.Domain.Agents;

/// <summary>
/// One agent: its registration, whether it is there, its mailbox and what it has delegated. A sign of life writes nothing;
/// only a change of presence does.
/// </summary>
/// <remarks>
/// Timers are not moved by each sign: the one that runs looks at the last sign when it fires, and is set anew for the
/// rest. An agent without a registration is known by its last sign only, for as long as a lease can hang on it.
/// </remarks>
public sealed class AgentBehavior : IBehavior<AgentState, AgentCommand, AgentEvent>
{
    private static readonly TimerKey TtlTimer = new("ttl", "");
    private static readonly TimerKey GraceTimer = new("grace", "");
    private static readonly TimerKey MemoryTimer = new("memory", "");

    /// <inheritdoc/>
    public static string Kind => Kinds.Agent;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(AgentJson.Default, typeof(AgentCommand)),
        Events: new(AgentJson.Default, typeof(AgentEvent)),
        Replies: new(
            AgentJson.Default,
            typeof(AgentReply),
            typeof(RegisterReply),
            typeof(MailReply),
            typeof(SendReply),
            typeof(MailboxReply),
            typeof(DelegateReply),
            typeof(DelegationReply)),
        Snapshot: () => AgentJson.Default.AgentState);

    /// <inheritdoc/>
    public static RowQuery? Awake { get; } = new(AgentTables.Agent)
    {
        Where = [new("awake", RowTest.Equal, RowValue.Of(true))],
    };

    /// <inheritdoc/>
    public static AgentState Initial(string name) => new(name, new());

    /// <inheritdoc/>
    public static Decision Decide(AgentState state, AgentCommand command, in Turn turn) => command switch
    {
        RegisterAgent register => Register(state, register, turn),
        DeregisterAgent deregister => Deregister(state, deregister, turn),
        Heartbeat heartbeat => Beat(state, heartbeat, turn),
        ReadAgent read => Decision.Answer(read, Reply(state, state.Facts)),
        SeeAgent => Sign(state, turn, static events => Decision.Note(events)),
        WatchAgent watch => Watch(state, watch, turn),
        AskSign ask => Answer(state, ask, turn),
        AskGone ask when state.Facts.IsGone => Decision.Note().Tell(new Message(
            Kinds.RegistryOf(ask.Project), new TaskRegistryCommand.FreeAgent(state.Agent, ask.UpTo))),
        AskGone => Decision.Note(),
        HoldResources => Hold(state, turn),
        AskOffline ask when !state.Facts.Online => Decision.Note().Tell(new Message(Kinds.ResourcesOfAll, new PoolCommand.FreeAgent(state.Agent, ask.UpTo))),
        AskOffline => Decision.Note(),
        AgentCommand.CheckPresence => CheckPresence(state, turn),
        EndGrace => state.Facts.InGrace
            ? Decision.Note(new GraceEnded(turn.Now)).Tell(TellWatchers(state))
            : Decision.Note(),
        AgentCommand.ForgetSign => ForgetSign(state, turn),
        PutMail put => Mailing.Decide(state, put, turn),
        SendMail send => Mailing.Decide(state, send),
        TakeMail take => Mailing.Decide(state, take, turn),
        ReadMailbox read => Mailing.Decide(state, read),
        AcknowledgeMail acknowledge => Mailing.Decide(state, acknowledge, turn),
        DelegateWork work => Delegating.Decide(state, work, turn),
        ReportDelegation report => Delegating.Decide(state, report, turn),
        CancelDelegation cancel => Delegating.Decide(state, cancel, turn),
        RefuseDelegation refuse => Delegating.Decide(state, refuse, turn),
        ExpireDelegation expire => Delegating.Decide(state, expire, turn),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static AgentState Apply(AgentState state, AgentEvent happened)
    {
        state.Apply(happened);
        return state;
    }

    /// <inheritdoc/>
    public static string Channels(AgentState state, AgentEvent happened) => happened switch
    {
        DelegationRequested { Spec: { Task: { } task } spec } => $"agent:{spec.To}\ntask:{task}",
        DelegationRequested { Spec: var spec } => $"agent:{spec.To}",
        DelegationMoved { Delegation: var id } when state.Delegations?.Find(id) is { } moved => $"agent:{moved.Spec.To}",
        _ => "",
    };

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(AgentState state)
    {
        if (state.Facts is { Online: true, Profile: { } profile })
        {
            yield return ArmTtl(AgentTimes.TtlOf(profile));
        }

        if (state.Facts.InGrace)
        {
            yield return ArmGrace();
        }
    }

    private static Decision Register(AgentState state, RegisterAgent register, in Turn turn)
    {
        var was = state.Facts;
        var current = was.Profile is null ? 0 : was.Version;
        if (register.Version is { } seen && seen != current)
        {
            return Decision.Answer(register, new RegisterReply.VersionMismatch(seen, current));
        }

        List<AgentEvent> events = [];
        if (was.Profile is null)
        {
            events.Add(new AgentRegistered(register.Profile, turn.Now));
        }
        else
        {
            if (was.Profile != register.Profile)
            {
                events.Add(new AgentUpdated(register.Profile, turn.Now));
            }

            if (register.Rotate)
            {
                events.Add(new HandleRotated(turn.Now));
            }

            if (!was.Online)
            {
                events.Add(new AgentCameOnline(turn.Now));
            }
        }

        var view = events.Aggregate(was, static (facts, happened) => facts.After(happened)).View(state.Agent);
        var created = was.Profile is null;
        return Decision.Answer(register, new RegisterReply.Registered(view, created, created || register.Rotate), [.. events])
            .Softly(new SignGiven(turn.Uptime))
            .With(ArmTtl(AgentTimes.TtlOf(register.Profile)), new TimerChange.Cancel(GraceTimer));
    }

    private static Decision Deregister(AgentState state, DeregisterAgent deregister, in Turn turn)
    {
        if (state.Facts.Profile is null)
        {
            return Decision.Answer(deregister, Reply(state, state.Facts));
        }

        return deregister.Version is { } seen && seen != state.Facts.Version
            ? Decision.Answer(deregister, new AgentReply.VersionMismatch(seen, state.Facts.Version))
            : Decision.Answer(deregister, Reply(state, state.Facts), new AgentDeregistered(turn.Now))
                .Tell([.. TellWatchers(state), .. TellPool(state)])
                .With(new TimerChange.Cancel(TtlTimer), new TimerChange.Cancel(GraceTimer), ArmMemory(AgentTimes.Memory));
    }

    /// <summary>A registry watches who has just claimed there: a sign of life, also where the word of it was lost on its way.</summary>
    private static Decision Watch(AgentState state, WatchAgent watch, in Turn turn)
    {
        AgentEvent[] added = state.Facts.Watchers.AsSpan().Contains(watch.Project) ? [] : [new WatcherAdded(watch.Project)];
        return state.Facts is { Profile: not null, IsGone: true }
            ? Sign(state, turn, events => Decision.Note([.. added, .. events]))
            : Decision.Note(added);
    }

    /// <summary>Whoever takes resources is there, also where the word of it was lost on its way.</summary>
    private static Decision Hold(AgentState state, in Turn turn)
    {
        AgentEvent[] held = state.Facts.HoldsResources ? [] : [new ResourcesHeld()];
        return state.Facts is { Profile: not null, Online: false }
            ? Sign(state, turn, events => Decision.Note([.. held, .. events]))
            : Decision.Note(held);
    }

    private static Decision Beat(AgentState state, Heartbeat heartbeat, in Turn turn) =>
        Sign(state, turn, events =>
            Decision.Answer(heartbeat, Reply(state, state.Facts with { Online = true }), events));

    /// <summary>What a sign of life leads to, on top of an answer to it.</summary>
    private static Decision Sign(AgentState state, in Turn turn, Func<AgentEvent[], Decision> answer)
    {
        SignGiven sign = new(turn.Uptime);
        if (state.Facts is { Profile: { } profile, Online: false })
        {
            return answer([new AgentCameOnline(turn.Now)])
                .Softly(sign)
                .With(ArmTtl(AgentTimes.TtlOf(profile)), new TimerChange.Cancel(GraceTimer));
        }

        var signed = answer([]).Softly(sign);
        return state.Facts.Profile is null && state.LastSign is null ? signed.With(ArmMemory(AgentTimes.Memory)) : signed;
    }

    /// <summary>An agent of which nothing was heard since the actor is here is taken to have just signed: late, never early.</summary>
    private static Decision Answer(AgentState state, AskSign ask, in Turn turn)
    {
        var age = state.LastSign is { } last ? turn.Uptime - last : TimeSpan.Zero;
        var told = Decision.Note().Tell(new Message(
            Kinds.RegistryOf(ask.Project), new TaskRegistryCommand.TakeSignAge(ask.Task, ask.Token, ask.Question, age)));
        return state.LastSign is null
            ? told.Softly(new SignGiven(turn.Uptime)).With(ArmMemory(AgentTimes.Memory))
            : told;
    }

    private static Decision CheckPresence(AgentState state, in Turn turn)
    {
        if (state.Facts is not { Online: true, Profile: { } profile })
        {
            return Decision.Note();
        }

        var ttl = AgentTimes.TtlOf(profile);
        var silent = turn.Uptime - state.LastSign ?? ttl;
        if (silent < ttl)
        {
            return Decision.Note().With(ArmTtl(ttl - silent));
        }

        var promised = profile.HeartbeatTtlSeconds is not null;
        var offline = Decision.Note(new AgentWentOffline(turn.Now, promised)).Tell(TellPool(state)).With(ArmMemory(AgentTimes.Memory));
        return promised ? offline.With(ArmGrace()) : offline;
    }

    private static Decision ForgetSign(AgentState state, in Turn turn)
    {
        if (state.Facts.Online || state.LastSign is not { } last)
        {
            return Decision.Note();
        }

        var rest = AgentTimes.Memory - (turn.Uptime - last);
        return rest > TimeSpan.Zero
            ? Decision.Note().With(ArmMemory(rest))
            : Decision.Note().Softly(new SignForgotten());
    }

    private static AgentReply Reply(AgentState state, AgentFacts facts) =>
        facts.Profile is null
            ? new AgentReply.NotFound()
            : new AgentReply.Found(facts.View(state.Agent) with { Unread = state.Mailbox?.Unread ?? 0 });

    private static Message[] TellWatchers(AgentState state) =>
    [
        .. state.Facts.Watchers.Select(project =>
            new Message(Kinds.RegistryOf(project), new TaskRegistryCommand.FreeAgent(state.Agent))),
    ];

    private static Message[] TellPool(AgentState state) =>
        state.Facts.HoldsResources ? [new(Kinds.ResourcesOfAll, new PoolCommand.NoteOffline(state.Agent))] : [];

    private static TimerChange.Arm ArmTtl(TimeSpan after) => new(TtlTimer, after, new AgentCommand.CheckPresence());

    private static TimerChange.Arm ArmGrace() => new(GraceTimer, AgentTimes.Grace, new EndGrace());

    private static TimerChange.Arm ArmMemory(TimeSpan after) => new(MemoryTimer, after, new AgentCommand.ForgetSign());
}
