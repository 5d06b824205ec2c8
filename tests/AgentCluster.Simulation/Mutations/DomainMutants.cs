using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Runtime.Kinds;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Mutations;

/// <summary>Rules of the domain that are broken by putting a broken behavior in the place of the real one.</summary>
internal enum DomainMutant
{
    /// <summary>A completion, release or failure counts whatever token it carries.</summary>
    AnyTokenActs,

    /// <summary>A task that is held is given to the next who asks.</summary>
    ClaimsHeldTasks,

    /// <summary>A claim lapses although its holder renewed it, or another holds the task by now.</summary>
    LapsesAnyClaim,

    /// <summary>A lease that is due ends the claim without asking the Agent actor, who may have heard of the holder.</summary>
    LapsesUnasked,

    /// <summary>A claim ends at the time that is shown for it, on whatever the wall clock says.</summary>
    LapsesByWallClock,

    /// <summary>Tokens start anew after a recovery.</summary>
    ForgetsTokens,

    /// <summary>A claim that a restore brought back is held on, by the token of before.</summary>
    HonoursLostTokens,

    /// <summary>A lease never ends.</summary>
    NeverLapses,
}

internal static class DomainMutants
{
    public static IReadOnlyList<ActorKind> Kinds(DomainMutant? mutant)
    {
        var agents = ActorKind.Of<AgentBehavior, AgentState, AgentCommand, AgentEvent>(AgentTables.All);
        return [agents, mutant switch
        {
            DomainMutant.AnyTokenActs => Registry<AnyTokenActs>(),
            DomainMutant.ClaimsHeldTasks => Registry<ClaimsHeldTasks>(),
            DomainMutant.LapsesAnyClaim => Registry<LapsesAnyClaim>(),
            DomainMutant.LapsesUnasked => Registry<LapsesUnasked>(),
            DomainMutant.LapsesByWallClock => Registry<LapsesByWallClock>(),
            DomainMutant.ForgetsTokens => Registry<ForgetsTokens>(),
            DomainMutant.HonoursLostTokens => Registry<HonoursLostTokens>(),
            DomainMutant.NeverLapses => Registry<NeverLapses>(),
            _ => Registry<TaskRegistryBehavior>(),
        }];
    }

    private static ActorKind Registry<TBehavior>()
        where TBehavior : IRowBehavior<TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent> =>
        ActorKind.OfRows<TBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>(TaskRegistryTables.All);
}
