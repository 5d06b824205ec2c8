using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;

namespace AgentCluster.Domain.ConflictDetector;

public abstract partial record DetectorCommand
{
    /// <summary>Reserves paths, or says that they are wanted. The same again by the same agent renews what there is.</summary>
    /// <param name="Asked">As asked for: the paths as they came, no standing.</param>
    public sealed record Reserve(Reservation Asked) : DetectorCommand, ICommand<ReserveReply>;

    /// <summary>Gives a reservation back, or a want up.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="By">The only agent whose it may be; null when anybody's may.</param>
    public sealed record ReleaseReservation(ReservationId Id, AgentId? By = null) : DetectorCommand, ICommand<ReservationReply>;

    /// <summary>Reads one reservation.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record ReadReservation(ReservationId Id) : DetectorCommand, ICommand<ReservationReply>, IReading;

    /// <summary>Reads reservations, by id.</summary>
    /// <param name="Limit">1 to 200.</param>
    /// <param name="Offset">At least 0.</param>
    /// <param name="Agent">Of this agent; null for all.</param>
    public sealed record ReadReservations(int Limit, int Offset, AgentId? Agent = null) : DetectorCommand, ICommand<ReservationsReply>, IReading;

    /// <summary>A reservation's time is over.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Renewal">As it was when the timer was set: a later one makes this too late.</param>
    public sealed record EndReservation(ReservationId Id, int Renewal) : DetectorCommand;

    /// <summary>A claim is over: a registry tells.</summary>
    /// <param name="Task">Of this task.</param>
    /// <param name="Token">Whatever is tied to it ends.</param>
    public sealed record FreeClaim(TaskId Task, FencingToken Token) : DetectorCommand;

    /// <summary>Records what an agent decided; its earlier decision about the same is replaced.</summary>
    /// <param name="Decided">Checked.</param>
    public sealed record RecordDecision(RecordedDecision Decided) : DetectorCommand, ICommand<DecideReply>;

    /// <summary>Somebody decides a conflict.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Resolution">What was decided.</param>
    /// <param name="By">Who decided.</param>
    public sealed record ResolveConflict(ConflictId Id, string Resolution, string By) : DetectorCommand, ICommand<ConflictReply>
    {
        /// <summary>What whoever was asked to choose answers when none of the choices should hold, or it cannot say: the next strategy is tried.</summary>
        public const string Neither = "neither";
    }

    /// <summary>Who was asked about a conflict has not answered in time.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Number">Of the inquiry.</param>
    public sealed record ExpireInquest(ConflictId Id, int Number) : DetectorCommand;

    /// <summary>Looks at everything again.</summary>
    public sealed record Sweep : DetectorCommand;
}

/// <summary>The answer to <see cref="DetectorCommand.Reserve"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Granted), "reserve-granted.v1")]
[JsonDerivedType(typeof(Refused), "reserve-refused.v1")]
[JsonDerivedType(typeof(NoPath), "reserve-no-path.v1")]
[JsonDerivedType(typeof(Full), "reserve-full.v1")]
public abstract record ReserveReply
{
    private ReserveReply()
    {
    }

    /// <summary>It is held.</summary>
    /// <param name="Reservation">As it is now.</param>
    /// <param name="Conflicts">Of its agent about it.</param>
    public sealed record Granted(Reservation Reservation, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<ConflictId> Conflicts = default) : ReserveReply;

    /// <summary>Others hold some of it. It stays a want.</summary>
    /// <param name="Want">As it is now: wanted or queued.</param>
    /// <param name="InTheWay">What is in its way; at most 20.</param>
    /// <param name="Conflicts">What was made of it.</param>
    /// <param name="DelaySeconds">How long it may take until its turn; null when nobody knows.</param>
    public sealed record Refused(
        Reservation Want,
        ValueList<Reservation> InTheWay,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<ConflictId> Conflicts = default,
        long? DelaySeconds = null) : ReserveReply;

    /// <summary>A path has no one form; nothing happened.</summary>
    /// <param name="Index">Its place in the list, from 0.</param>
    /// <param name="Problem">What was expected and found.</param>
    public sealed record NoPath(int Index, string Problem) : ReserveReply;

    /// <summary>There are as many reservations as there may be; nothing happened.</summary>
    /// <param name="Most">The bound.</param>
    /// <param name="OfAgent">Whether it is the agent's own bound.</param>
    public sealed record Full(int Most, bool OfAgent) : ReserveReply;
}

/// <summary>The answer to a command about one reservation.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "reservation-found.v1")]
[JsonDerivedType(typeof(NoReservation), "reservation-unknown.v1")]
[JsonDerivedType(typeof(OfOther), "reservation-of-other.v1")]
public abstract record ReservationReply
{
    private ReservationReply()
    {
    }

    /// <summary>It is like this; a released one was like this.</summary>
    /// <param name="Reservation">The reservation.</param>
    public sealed record Found(Reservation Reservation) : ReservationReply;

    /// <summary>There is none of that id, or not any more.</summary>
    public sealed record NoReservation : ReservationReply;

    /// <summary>It is another agent's; nothing happened.</summary>
    /// <param name="Agent">Whose.</param>
    public sealed record OfOther(AgentId Agent) : ReservationReply;
}

/// <summary>The answer to <see cref="DetectorCommand.ReadReservations"/>.</summary>
/// <param name="Reservations">A page, by id.</param>
/// <param name="Total">On all pages.</param>
public sealed record ReservationsReply(ValueList<Reservation> Reservations, long Total);

/// <summary>The answer to <see cref="DetectorCommand.RecordDecision"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Kept), "decision-kept.v1")]
public abstract record DecideReply
{
    private DecideReply()
    {
    }

    /// <summary>It is kept.</summary>
    /// <param name="Decided">As it is now: an earlier decision of others may overrule it.</param>
    /// <param name="Conflicts">What it contradicts.</param>
    public sealed record Kept(
        RecordedDecision Decided, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<ConflictId> Conflicts = default) : DecideReply;
}

/// <summary>The answer to <see cref="DetectorCommand.ResolveConflict"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Known), "conflict-known.v1")]
[JsonDerivedType(typeof(NoConflict), "conflict-unknown.v1")]
[JsonDerivedType(typeof(IsOver), "conflict-over.v1")]
[JsonDerivedType(typeof(NoChoice), "conflict-no-choice.v1")]
public abstract record ConflictReply
{
    private ConflictReply()
    {
    }

    /// <summary>It is like this now.</summary>
    /// <param name="Conflict">The conflict.</param>
    public sealed record Known(Conflict Conflict) : ConflictReply;

    /// <summary>There is none of that id.</summary>
    public sealed record NoConflict : ConflictReply;

    /// <summary>It is over already; nothing happened.</summary>
    public sealed record IsOver : ConflictReply;

    /// <summary>Who was asked to choose said something else; nothing happened.</summary>
    /// <param name="Choices">What there is to choose from.</param>
    public sealed record NoChoice(ValueList<string> Choices) : ConflictReply;
}
