using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
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

    /// <summary>A task is handed out although its epic's budget is spent.</summary>
    IgnoresBudgets,

    /// <summary>What claims the next task in the turn of a completion does not count what the completion costs.</summary>
    ClaimsBeyondBudget,

    /// <summary>A larger budget leaves its epic paused.</summary>
    NeverResumes,

    /// <summary>What a task cost stays with the epic that it left.</summary>
    ForgetsToRefund,

    /// <summary>A task that was cancelled is counted as completed.</summary>
    Miscounts,

    /// <summary>An epic that was called off cancels one slice of its tasks.</summary>
    SweepsOnce,

    /// <summary>An epic that is called off cancels all of its tasks in one turn.</summary>
    SweepsAtOnce,

    /// <summary>Tasks of an epic that was called off are handed out until their slice comes.</summary>
    ClaimsCalledOff,

    /// <summary>The lease of a parked or handed-in task runs on.</summary>
    LapsesPaused,

    /// <summary>The lease of a task that was answered or returned does not start again.</summary>
    StaysPaused,

    /// <summary>A completion counts without the word of the task's reviewer.</summary>
    SkipsReview,

    /// <summary>Whoever says so accepts a completion.</summary>
    AnybodyReviews,

    /// <summary>A change is made at whatever version.</summary>
    IgnoresVersions,

    /// <summary>What an agent holds is freed when it goes offline, without grace.</summary>
    FreesAtOnce,

    /// <summary>What an agent holds is not freed when its grace is over.</summary>
    NeverFrees,

    /// <summary>The grace goes on when its agent comes back.</summary>
    GraceGoesOn,

    /// <summary>What an agent holds is freed although it has come back meanwhile.</summary>
    FreesWhoCameBack,

    /// <summary>A promise to beat is forgotten by a recovery.</summary>
    ForgetsPromises,

    /// <summary>A report counts although its delegation has ended.</summary>
    EndsAgain,

    /// <summary>A delegation of which nothing is heard stays open.</summary>
    NeverTimesOut,

    /// <summary>A delegation times out at half its time.</summary>
    TimesOutEarly,

    /// <summary>That a delegation timed out is not said to its delegator.</summary>
    EndsUntold,

    /// <summary>Whoever says so reports how a delegation stands.</summary>
    AnybodyReports,

    /// <summary>A place of a mailbox that was read to its end is left out.</summary>
    SkipsAPlace,

    /// <summary>What comes for an agent that is offline is let go.</summary>
    LosesMailOfTheAway,

    /// <summary>The first of many is sent the same twice.</summary>
    SendsTwice,

    /// <summary>What was acknowledged is answered and not written.</summary>
    ForgetsWhatWasRead,

    /// <summary>Who was delegated to is not told that it is off.</summary>
    CallsOffSilently,

    /// <summary>Who watches a task is not told how it ended.</summary>
    WatchesInVain,

    /// <summary>Paths that others hold are given to whoever asks.</summary>
    ReservesTwice,

    /// <summary>Now and then what is asked for alone is given as if it were shared.</summary>
    SharesWhatIsAlone,

    /// <summary>Whoever is next in line has no turn when a reservation ends by itself.</summary>
    LeavesTheQueueWaiting,

    /// <summary>Whoever has its turn when a reservation ends by itself is not told.</summary>
    TurnsUntold,

    /// <summary>A reservation that was renewed ends when it would have without.</summary>
    EndsWhatWasRenewed,

    /// <summary>What is tied to a claim stays when the claim is over.</summary>
    OutlivesItsClaim,

    /// <summary>Whoever says so gives a reservation back.</summary>
    GivesBackForAnybody,
}

internal static class DomainMutants
{
    /// <param name="mutant">What is broken; null for the product.</param>
    /// <param name="withDetectors">Whether there are repositories: a kind more is a question more for each start, and would change every other run.</param>
    public static IReadOnlyList<ActorKind> Kinds(DomainMutant? mutant, bool withDetectors) =>
        withDetectors ? [.. Kinds(mutant), Detectors(mutant)] : Kinds(mutant);

    private static ActorKind[] Kinds(DomainMutant? mutant)
    {
        var agents = mutant switch
        {
            DomainMutant.FreesAtOnce => Agent<FreesAtOnce>(),
            DomainMutant.NeverFrees => Agent<NeverFrees>(),
            DomainMutant.GraceGoesOn => Agent<GraceGoesOn>(),
            DomainMutant.FreesWhoCameBack => Agent<FreesWhoCameBack>(),
            DomainMutant.ForgetsPromises => Agent<ForgetsPromises>(),
            DomainMutant.EndsAgain => Agent<EndsAgain>(),
            DomainMutant.NeverTimesOut => Agent<NeverTimesOut>(),
            DomainMutant.TimesOutEarly => Agent<TimesOutEarly>(),
            DomainMutant.EndsUntold => Agent<EndsUntold>(),
            DomainMutant.AnybodyReports => Agent<AnybodyReports>(),
            DomainMutant.SkipsAPlace => Agent<SkipsAPlace>(),
            DomainMutant.LosesMailOfTheAway => Agent<LosesMailOfTheAway>(),
            DomainMutant.SendsTwice => Agent<SendsTwice>(),
            DomainMutant.ForgetsWhatWasRead => Agent<ForgetsWhatWasRead>(),
            DomainMutant.CallsOffSilently => Agent<CallsOffSilently>(),
            DomainMutant.WatchesInVain => Agent<WatchesInVain>(),
            _ => Agent<AgentBehavior>(),
        };
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
            DomainMutant.IgnoresBudgets => Registry<IgnoresBudgets>(),
            DomainMutant.ClaimsBeyondBudget => Registry<ClaimsBeyondBudget>(),
            DomainMutant.NeverResumes => Registry<NeverResumes>(),
            DomainMutant.ForgetsToRefund => Registry<ForgetsToRefund>(),
            DomainMutant.Miscounts => Registry<Miscounts>(),
            DomainMutant.SweepsOnce => Registry<SweepsOnce>(),
            DomainMutant.SweepsAtOnce => Registry<SweepsAtOnce>(),
            DomainMutant.ClaimsCalledOff => Registry<ClaimsCalledOff>(),
            DomainMutant.LapsesPaused => Registry<LapsesPaused>(),
            DomainMutant.StaysPaused => Registry<StaysPaused>(),
            DomainMutant.SkipsReview => Registry<SkipsReview>(),
            DomainMutant.AnybodyReviews => Registry<AnybodyReviews>(),
            DomainMutant.IgnoresVersions => Registry<IgnoresVersions>(),
            _ => Registry<TaskRegistryBehavior>(),
        }];
    }

    private static ActorKind Detectors(DomainMutant? mutant) => mutant switch
    {
        DomainMutant.ReservesTwice => Detector<ReservesTwice>(),
        DomainMutant.SharesWhatIsAlone => Detector<SharesWhatIsAlone>(),
        DomainMutant.LeavesTheQueueWaiting => Detector<LeavesTheQueueWaiting>(),
        DomainMutant.TurnsUntold => Detector<TurnsUntold>(),
        DomainMutant.EndsWhatWasRenewed => Detector<EndsWhatWasRenewed>(),
        DomainMutant.OutlivesItsClaim => Detector<OutlivesItsClaim>(),
        DomainMutant.GivesBackForAnybody => Detector<GivesBackForAnybody>(),
        _ => Detector<DetectorBehavior>(),
    };

    private static ActorKind Detector<TBehavior>()
        where TBehavior : IBehavior<DetectorState, DetectorCommand, DetectorEvent> =>
        ActorKind.Of<TBehavior, DetectorState, DetectorCommand, DetectorEvent>(DetectorTables.All);

    private static ActorKind Agent<TBehavior>()
        where TBehavior : IBehavior<AgentState, AgentCommand, AgentEvent> =>
        ActorKind.Of<TBehavior, AgentState, AgentCommand, AgentEvent>(AgentTables.All);

    private static ActorKind Registry<TBehavior>()
        where TBehavior : IRowBehavior<TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent> =>
        ActorKind.OfRows<TBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>(TaskRegistryTables.All);
}
