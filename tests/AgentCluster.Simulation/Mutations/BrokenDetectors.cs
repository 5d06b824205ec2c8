using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Reservations;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;
using IDetector = AgentCluster.Actors.IBehavior<
    AgentCluster.Domain.ConflictDetector.DetectorState,
    AgentCluster.Domain.ConflictDetector.DetectorCommand,
    AgentCluster.Domain.ConflictDetector.DetectorEvent>;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Simulation.Mutations;

/// <summary>The real conflict detector but for one rule; each mutant overrides what it breaks.</summary>
internal abstract class BrokenDetector : Broken<DetectorBehavior, DetectorState, DetectorCommand, DetectorEvent>
{
    /// <summary>The same decision on a command that nobody waits for, with other events and letters.</summary>
    protected static Decision Noted(Decision decision, IEnumerable<DetectorEvent> events, Func<Message, bool> told) =>
        Decision.Note([.. events]).Tell([.. decision.Messages.Where(told)]).With([.. decision.Timers]);
}

internal sealed class ReservesTwice : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn)
    {
        var decision = DetectorBehavior.Decide(state, command, turn);
        if (command is not Reserve reserve || decision.Events is not [ReservationWanted { Reservation: var wanted }, ..])
        {
            return decision;
        }

        var held = wanted with { Standing = Standing.Held, GrantedAt = turn.Now };
        return Decision.Answer(reserve, new ReserveReply.Granted(held), new ReservationGranted(held, turn.Now))
            .With(new TimerChange.Arm(new("reservation", held.Id.Value), TimeSpan.FromSeconds(held.TtlSeconds), new EndReservation(held.Id, held.Renewal)));
    }
}

internal sealed class SharesWhatIsAlone : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn) => DetectorBehavior.Decide(
        state, command is Reserve reserve && turn.Now.Second % 4 == 0 ? reserve with { Asked = reserve.Asked with { Mode = ReservationMode.Shared } } : command, turn);
}

internal sealed class LeavesTheQueueWaiting : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn)
    {
        var decision = DetectorBehavior.Decide(state, command, turn);
        return command is EndReservation or FreeClaim ? Noted(decision, decision.Events.Where(happened => happened is ReservationEnded), _ => false) : decision;
    }
}

internal sealed class TurnsUntold : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn)
    {
        var decision = DetectorBehavior.Decide(state, command, turn);
        return command is EndReservation or FreeClaim ? Noted(decision, decision.Events, message => message.Command is not AgentCommand.TakeMail) : decision;
    }
}

internal sealed class EndsWhatWasRenewed : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn)
    {
        var decision = DetectorBehavior.Decide(
            state, command is EndReservation end && state.Book.Find(end.Id) is { } known ? end with { Renewal = known.Renewal } : command, turn);
        return command is Reserve reserve && decision.Events is [ReservationRenewed, ..]
            ? Decision.Answer(reserve, (ReserveReply)decision.Reply!, decision.Events.AsSpan()).Tell(decision.Messages.AsSpan())
            : decision;
    }
}

internal sealed class OutlivesItsClaim : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn) =>
        command is FreeClaim ? Decision.Note() : DetectorBehavior.Decide(state, command, turn);
}

internal sealed class GivesBackForAnybody : BrokenDetector, IDetector
{
    public static new Decision Decide(DetectorState state, DetectorCommand command, in Turn turn) =>
        DetectorBehavior.Decide(state, command is ReleaseReservation release ? release with { By = null } : command, turn);
}
