using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector.Deciding;
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
        Commands: new(),
        Events: new(DetectorJson.Default.DetectorEvent),
        Replies: new(DetectorJson.Default.WorktreeReply),
        Snapshot: DetectorJson.Default.DetectorState);

    /// <inheritdoc/>
    public static RowQuery? Awake { get; } = new(DetectorTables.Repository)
    {
        Where = [new("awake", RowTest.Equal, RowValue.Of(true))],
    };

    /// <inheritdoc/>
    public static DetectorState Initial(string name) => new(name);

    /// <inheritdoc/>
    public static Decision Decide(DetectorState state, DetectorCommand command, in Turn turn) => command switch
    {
        PutWorktree put => Watching.Decide(state, put, turn),
        RemoveWorktree remove => Watching.Decide(state, remove, turn),
        TouchFiles touch => Watching.Decide(state, touch, turn),
        ObserveWorktree observe => Watching.Decide(state, observe, turn),
        ReportForecasts report => Foretelling.Decide(state, report, turn),
        SetPathCase set => state.Book.Case == set.Case
            ? Decision.Answer(set, new ForecastReply([]))
            : Decision.Answer(set, new ForecastReply([]), new PathCaseSet(set.Case, turn.Now)),
        ReadWorktrees read => Decision.Answer(read, new WorktreesReply(state.Book.Worktrees.Values.ToValueList(), state.Book.Case)),
        ReadForecasts read => Decision.Answer(read, new ForecastReply(state.Book.Forecasts.Values.ToValueList())),
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
        _ => "",
    };

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(DetectorState state) => [];

    private static string OfWorktree(DetectorState state, string name) =>
        state.Book.Worktrees.GetValueOrDefault(name) is { } found ? $"agent:{found.Agent}" : "";
}
