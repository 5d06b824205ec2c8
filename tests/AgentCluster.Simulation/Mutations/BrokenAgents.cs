using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Agents.AgentEvent>;
using IAgent = AgentCluster.Actors.IBehavior<
    AgentCluster.Domain.Agents.AgentState,
    AgentCluster.Domain.Agents.AgentCommand,
    AgentCluster.Domain.Agents.AgentEvent>;

namespace AgentCluster.Simulation.Mutations;

/// <summary>The real agent but for one rule; each mutant overrides what it breaks.</summary>
internal abstract class BrokenAgent : Broken<AgentBehavior, AgentState, AgentCommand, AgentEvent>
{
    /// <summary>Says that the agent is gone, whether it is or not.</summary>
    protected static Decision Freed(AgentState state, AgentCommand.AskGone ask) =>
        Decision.Note().Tell(new Message(Kinds.RegistryOf(ask.Project), new TaskRegistryCommand.FreeAgent(new(state.Id), ask.UpTo)));

    /// <summary>Tells the registries that the agent is gone.</summary>
    protected static Message[] FreeClaims(AgentState state) =>
        [.. state.Facts.Watchers.Select(project => new Message(Kinds.RegistryOf(project), new TaskRegistryCommand.FreeAgent(new(state.Id))))];
}

internal sealed class FreesAtOnce : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        if (command is AgentCommand.AskGone ask && !state.Facts.Online)
        {
            return Freed(state, ask);
        }

        var decision = AgentBehavior.Decide(state, command, turn);
        return decision.Events is [AgentEvent.AgentWentOffline { Promised: true }] ? decision.Tell(FreeClaims(state)) : decision;
    }
}

internal sealed class NeverFrees : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn) =>
        command is AgentCommand.EndGrace && state.Facts.InGrace
            ? Decision.Note(new AgentEvent.GraceEnded(turn.Now))
            : AgentBehavior.Decide(state, command, turn);
}

internal sealed class GraceGoesOn : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        switch (command)
        {
            case AgentCommand.EndGrace:
                return Decision.Note().Tell(FreeClaims(state));
            case AgentCommand.AskGone ask:
                return Freed(state, ask);
        }

        var decision = AgentBehavior.Decide(state, command, turn);
        return decision.Events.Any(happened => happened is AgentEvent.AgentCameOnline)
            ? decision.With(new TimerChange.Arm(new("grace", ""), AgentTimes.Grace / 4, new AgentCommand.EndGrace()))
            : decision;
    }
}

internal sealed class FreesWhoCameBack : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        if (command is AgentCommand.AskGone ask)
        {
            return Freed(state, ask);
        }

        // A word that is often late: by itself it is overtaken too rarely to be found soon.
        var decision = AgentBehavior.Decide(state, command, turn);
        return decision.Events.Any(happened => happened is AgentEvent.AgentRegistered) ? decision.Tell(FreeClaims(state)) : decision;
    }
}

internal sealed class ForgetsPromises : BrokenAgent, IAgent
{
    public static new IEnumerable<TimerChange> Timers(AgentState state) => [];
}
