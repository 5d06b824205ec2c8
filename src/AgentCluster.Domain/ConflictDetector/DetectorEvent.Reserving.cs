using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;

namespace AgentCluster.Domain.ConflictDetector;

public abstract partial record DetectorEvent
{
    /// <summary>An agent has paths for a while.</summary>
    /// <param name="Reservation">All of it.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationGranted(Reservation Reservation, DateTimeOffset At) : DetectorEvent;

    /// <summary>An agent wants paths that others have.</summary>
    /// <param name="Reservation">All of it.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationWanted(Reservation Reservation, DateTimeOffset At) : DetectorEvent;

    /// <summary>A reservation or want lasts longer.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="TtlSeconds">From now.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationRenewed(ReservationId Id, int TtlSeconds, DateTimeOffset At) : DetectorEvent;

    /// <summary>A reservation or want is over.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Agent">Whose it was.</param>
    /// <param name="End">Why.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationEnded(ReservationId Id, AgentId Agent, ReservationEnd End, DateTimeOffset At) : DetectorEvent;

    /// <summary>A want has its turn when those before it are done; so has what was held, and is one with what another held before.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationQueued(ReservationId Id, DateTimeOffset At) : DetectorEvent;

    /// <summary>A reservation gave some of its paths away.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Paths">Those that are left.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationNarrowed(ReservationId Id, ValueList<string> Paths, DateTimeOffset At) : DetectorEvent;

    /// <summary>A reservation is held no more: its agent waits, in the place of the one that goes before it.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="To">The one that goes before it.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationYielded(ReservationId Id, ReservationId To, DateTimeOffset At) : DetectorEvent;

    /// <summary>Somebody looked at a want's priority and found that it can wait.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="At">UTC.</param>
    public sealed record ReservationMayWait(ReservationId Id, DateTimeOffset At) : DetectorEvent;

    /// <summary>One worktree is merged before another.</summary>
    /// <param name="First">Its name.</param>
    /// <param name="Second">The other's.</param>
    /// <param name="At">UTC.</param>
    public sealed record MergeOrdered(string First, string Second, DateTimeOffset At) : DetectorEvent;

    /// <summary>An agent decided something.</summary>
    /// <param name="Decided">What.</param>
    /// <param name="At">UTC.</param>
    public sealed record DecisionRecorded(RecordedDecision Decided, DateTimeOffset At) : DetectorEvent;

    /// <summary>A decision does not hold any more.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Choice">What holds instead.</param>
    /// <param name="At">UTC.</param>
    public sealed record DecisionOverruled(string Key, string Choice, DateTimeOffset At) : DetectorEvent;

    /// <summary>There is a conflict, or one again.</summary>
    /// <param name="Found">What was found.</param>
    /// <param name="At">UTC.</param>
    public sealed record ConflictDetected(Clash Found, DateTimeOffset At) : DetectorEvent;

    /// <summary>A strategy was tried.</summary>
    /// <param name="Conflict">On which.</param>
    /// <param name="Attempt">What came of it.</param>
    /// <param name="At">UTC.</param>
    public sealed record ConflictTried(ConflictId Conflict, Attempt Attempt, DateTimeOffset At) : DetectorEvent;

    /// <summary>An agent is asked to decide.</summary>
    /// <param name="Conflict">What about.</param>
    /// <param name="Asked">Who, as what.</param>
    /// <param name="At">UTC.</param>
    public sealed record ConflictAsked(ConflictId Conflict, Inquest Asked, DateTimeOffset At) : DetectorEvent;

    /// <summary>A conflict is over.</summary>
    /// <param name="Conflict">Which.</param>
    /// <param name="Resolution">How.</param>
    /// <param name="IsAccepted">Whether it is there still, and somebody decided that it may be.</param>
    /// <param name="At">UTC.</param>
    public sealed record ConflictResolved(ConflictId Conflict, Resolution Resolution, bool IsAccepted, DateTimeOffset At) : DetectorEvent;

    /// <summary>Nothing tried has helped: a human must decide.</summary>
    /// <param name="Conflict">Which.</param>
    /// <param name="Detail">Why.</param>
    /// <param name="At">UTC.</param>
    public sealed record ConflictEscalated(ConflictId Conflict, string Detail, DateTimeOffset At) : DetectorEvent;
}
