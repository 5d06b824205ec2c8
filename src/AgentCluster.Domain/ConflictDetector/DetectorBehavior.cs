using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector.Deciding;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>
/// One repository: who works in which copy of it, on what, and what a merge would come to. It never looks at a file: whoever
/// can see one tells it.
/// </summary>
public sealed class DetectorBehavior : IBehavior<DetectorState, DetectorCommand, DetectorEvent>
{
    /// <inheritdoc/>
    public static string Kind => Kinds.Detector;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(DetectorJson.Default, typeof(DetectorCommand)),
        Events: new(DetectorJson.Default, typeof(DetectorEvent)),
        Replies: new(
            DetectorJson.Default,
            typeof(WorktreeReply),
            typeof(ReserveReply),
            typeof(ReservationReply),
            typeof(DecideReply),
            typeof(ConflictReply))
        {
            ["worktrees-read.v1"] = typeof(WorktreesReply),
            ["forecast-read.v1"] = typeof(ForecastReply),
            ["reservations-read.v1"] = typeof(ReservationsReply),
        },
        Snapshot: () => DetectorJson.Default.DetectorState);

    /// <inheritdoc/>
    public static RowQuery? Awake { get; } = new(DetectorTables.Repository)
    {
        Where = [new("awake", RowTest.Equal, RowValue.Of(true))],
    };

    /// <inheritdoc/>
    public static DetectorState Initial(string name) => new(name, new());

    /// <inheritdoc/>
    public static Decision Decide(DetectorState state, DetectorCommand command, in Turn turn) => command switch
    {
        PutWorktree put => Watching.Decide(state, put, turn),
        RemoveWorktree remove => Watching.Decide(state, remove, turn),
        TouchFiles touch => Watching.Decide(state, touch, turn),
        ObserveWorktree observe => Watching.Decide(state, observe, turn),
        ReportForecasts report => Foretelling.Decide(state, report, turn),
        SetPathCase set => Watching.Decide(state, set, turn),
        ReadWorktrees read => Decision.Answer(read, new WorktreesReply(state.Book.Worktrees.Values.ToValueList(), state.Book.Case)),
        ReadForecasts read => Decision.Answer(read, new ForecastReply(state.Book.Forecasts.Values.ToValueList())),
        Reserve reserve => Reserving.Decide(state, reserve, turn),
        ReleaseReservation release => Reserving.Decide(state, release, turn),
        ReadReservation read => Reserving.Decide(state, read),
        ReadReservations read => Reserving.Decide(state, read),
        EndReservation end => Reserving.Decide(state, end, turn),
        FreeClaim free => Reserving.Decide(state, free, turn),
        RecordDecision record => Asking.Decide(state, record, turn),
        ResolveConflict resolve => Asking.Decide(state, resolve, turn),
        ExpireInquest expire => Asking.Decide(state, expire, turn),
        Sweep => Watching.Sweep(state, turn),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static DetectorState Apply(DetectorState state, DetectorEvent happened)
    {
        state.Apply(happened);
        return state;
    }

    /// <inheritdoc/>
    public static string Channels(DetectorState state, DetectorEvent happened) => happened switch
    {
        WorktreePut { Worktree: { Task: { } task } worktree } => $"agent:{worktree.Agent}\ntask:{task}",
        WorktreePut e => $"agent:{e.Worktree.Agent}",
        WorktreeRemoved e => OfWorktree(state, e.Name),
        FilesTouched e => OfWorktree(state, e.Worktree),
        WorktreeSeen e => OfWorktree(state, e.Worktree),
        ForecastChanged e => string.Join('\n', e.Pairs.SelectMany(pair => new[] { pair.A, pair.B }).OfType<string>()
            .Select(name => OfWorktree(state, name)).Where(channel => channel.Length > 0).Distinct(StringComparer.Ordinal).Take(50)),
        ReservationGranted e => Of(e.Reservation),
        ReservationWanted e => Of(e.Reservation),
        ReservationEnded e => $"agent:{e.Agent}",
        ReservationQueued e => OfReservation(state, e.Id),
        ReservationNarrowed e => OfReservation(state, e.Id),
        ReservationYielded e => OfReservation(state, e.Id),
        DecisionRecorded e => $"agent:{e.Decided.Agent}",
        ConflictDetected e => Of(e.Found),
        ConflictTried e => OfConflict(state, e.Conflict),
        ConflictAsked e => OfConflict(state, e.Conflict),
        ConflictResolved e => OfConflict(state, e.Conflict),
        ConflictEscalated e => OfConflict(state, e.Conflict),
        _ => "",
    };

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(DetectorState state) => RepositoryRow.IsAwake(state.Book)
        ? state.Book.Reservations.Values.Select(Course.Arm).Prepend(Course.ArmSweep())
        : [];

    private static string Of(Reservation reservation) =>
        reservation.Task is { } task ? $"agent:{reservation.Agent}\ntask:{task}" : $"agent:{reservation.Agent}";

    private static string Of(Clash found) =>
        string.Join('\n', found.Agents.Select(agent => $"agent:{agent}").Concat(found.Tasks.Select(task => $"task:{task}")));

    private static string OfReservation(DetectorState state, ReservationId id) => state.Book.Find(id) is { } found ? Of(found) : "";

    private static string OfConflict(DetectorState state, ConflictId id) => state.Book.Find(id) is { } found ? Of(found.Found) : "";

    private static string OfWorktree(DetectorState state, string name) =>
        state.Book.Worktrees.GetValueOrDefault(name) is { } found ? $"agent:{found.Agent}" : "";
}
