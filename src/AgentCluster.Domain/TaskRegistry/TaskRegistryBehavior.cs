using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Deciding;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>The tasks of one project: what they are, what they wait for, who holds each, and which comes next.</summary>
public sealed class TaskRegistryBehavior
    : IRowBehavior<TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>
{
    private static readonly RowCondition IsOpen = new("open", RowTest.Equal, RowValue.Of(true));

    /// <inheritdoc/>
    public static string Kind => Kinds.Registry;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(TaskRegistryJson.Default, typeof(TaskRegistryCommand)),
        Events: new(TaskRegistryJson.Default, typeof(TaskRegistryEvent)),
        Replies: new(
            TaskRegistryJson.Default,
            typeof(CreateReply),
            typeof(ClaimReply),
            typeof(ProgressReply),
            typeof(CompleteReply),
            typeof(TaskReply),
            typeof(DeleteReply),
            typeof(EpicReply),
            typeof(EpicsReply),
            typeof(WhyReply))
        {
            ["tasks-available.v1"] = typeof(AvailableReply),
            ["rows-imported.v1"] = typeof(ImportReply),
        },
        Snapshot: null);

    /// <inheritdoc/>
    public static RowQuery? Awake { get; } = new(TaskRegistryTables.Task)
    {
        Where = [IsOpen, new("claim_token", RowTest.NotNull)],
    };

    /// <inheritdoc/>
    public static TaskRegistryState Initial(string name) => new(name);

    /// <inheritdoc/>
    public static IReadOnlyList<RowQuery> Open(string name) =>
    [
        new(TaskRegistryTables.Epic) { Where = [IsOpen] }, // first: each task is counted in its epic
        new(TaskRegistryTables.Task) { Where = [IsOpen] },
        new(TaskRegistryTables.Registry),
    ];

    /// <inheritdoc/>
    public static Decision Decide(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        Tying.Follow(state, Noticing.Follow(state, EpicCourse.Follow(state, Answer(state, command, turn), turn)));

    private static Decision Answer(TaskRegistryState state, TaskRegistryCommand command, in Turn turn) =>
        command switch
        {
            CreateTasks create => Creating.Decide(state, create, turn),
            ClaimTask claim => Claiming.Decide(state, claim, turn),
            ClaimNext claim => Claiming.Decide(state, claim, turn),
            ReportProgress progress => Working.Decide(state, progress, turn),
            CompleteTask complete => Working.Decide(state, complete, turn),
            FailTask fail => Working.Decide(state, fail, turn),
            ReleaseTask release => Working.Decide(state, release, turn),
            CancelTask cancel => Cancelling.Decide(state, cancel, turn),
            RequireInput require => Parking.Decide(state, require, turn),
            AnswerInput answer => Parking.Decide(state, answer, turn),
            ReviewTask review => Reviewing.Decide(state, review, turn),
            EditTask edit => Editing.Decide(state, edit, turn),
            WatchTask watch => Watching.Decide(state, watch, turn),
            DeleteTasks delete => Deleting.Decide(state, delete, turn),
            ExplainTask explain => Explaining.Decide(state, explain, turn),
            ReadTask read => Reading.Decide(state, read, turn),
            ListAvailable list => Reading.Decide(state, list),
            ImportRows import => Importing.Decide(state, import, turn),
            AdoptTasks adopt => Importing.Decide(state, adopt, turn),
            CreateEpic create => Planning.Decide(state, create, turn),
            ChangeEpic change => Planning.Decide(state, change, turn),
            ReadEpic read => Planning.Decide(state, read, turn),
            CancelEpic cancel => Sweeping.Decide(state, cancel, turn),
            DeleteEpic delete => Sweeping.Decide(state, delete, turn),
            DeleteEpics delete => Sweeping.Decide(state, delete, turn),
            SweepEpics => Sweeping.Decide(state, turn),
            LapseClaim lapse => Lapsing.Decide(state, lapse, turn),
            TakeSignAge age => Lapsing.Decide(state, age, turn),
            TieToClaim tie => Tying.Decide(state, tie, turn),
            TieResources tie => Tying.Decide(state, tie, turn),
            LimitWork limit => limit.Most == state.Wip ? Decision.Note() : Decision.Note(new TaskRegistryEvent.WorkLimited(limit.Most, turn.Now)),
            FreeAgent free => Lapsing.Decide(state, free, turn),
            _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
        };

    /// <inheritdoc/>
    public static TaskRegistryState Apply(TaskRegistryState state, TaskRegistryEvent happened)
    {
        state.Apply(happened);
        return state;
    }

    /// <inheritdoc/>
    public static string Channels(TaskRegistryState state, TaskRegistryEvent happened) => TaskRegistry.Channels.Of(state, happened);

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(TaskRegistryState state) =>
        state.Tasks
            .Where(task => task.Facts is { Claim: not null, IsPaused: false })
            .Select(task => Lapsing.Arm(task.Id, task.Facts.Claim!, task.Renewal));

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Superseded(TaskRegistryState state, int generation) =>
        state.Tasks
            .Where(task => task.Facts is { Claim: { } claim, IsPaused: false } && claim.Token.Generation < generation)
            .Select(task => Lapsing.Due(task.Id, task.Facts.Claim!, task.Renewal));

    /// <inheritdoc/>
    public static TaskRegistryState Load(TaskRegistryState state, IReadOnlyList<Row> rows)
    {
        state.Load(rows);
        return state;
    }

    /// <inheritdoc/>
    public static TaskRegistryState Forget(TaskRegistryState state, RowKey key)
    {
        state.Forget(key);
        return state;
    }
}
