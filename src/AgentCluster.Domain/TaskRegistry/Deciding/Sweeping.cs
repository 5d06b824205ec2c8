using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Calling epics off and deleting them, and their open tasks with them: as many a turn as its bound allows.</summary>
/// <remarks>
/// The next slice is a message of the registry to itself in the commit of the one before, so it comes whatever is killed
/// when. What is left is read from memory in each turn, so a slice that comes twice, or two sweeps at once, do no harm.
/// </remarks>
internal static class Sweeping
{
    private const int MostEvents = 1_000;

    public static Decision Decide(TaskRegistryState state, CancelEpic cancel, in Turn turn)
    {
        if (Planning.Load(state, cancel.Epic, turn) is { } load)
        {
            return load;
        }

        var epic = state.Find(cancel.Epic);
        if (Planning.Unfit(epic, cancel.Epic, cancel.Version) is { } refusal)
        {
            return Planning.Refuse(cancel, refusal);
        }

        switch (epic!.Facts.Status)
        {
            case EpicStatus.Cancelled:
                return Decision.Answer(cancel, new EpicReply.Found(epic.View(state.Name)));
            case var status when !status.IsOpen():
                return Planning.Refuse(cancel, new TaskRefusal.EpicTransition(cancel.Epic, status, EpicStatus.Cancelled));
        }

        return Cancel(state, cancel, epic, epic.Facts, changed: null, cancel.Reason, turn);
    }

    /// <summary>Calls an open epic off.</summary>
    /// <param name="state">The registry.</param>
    /// <param name="command">What is answered.</param>
    /// <param name="epic">The epic.</param>
    /// <param name="facts">As it is after <paramref name="changed"/>.</param>
    /// <param name="changed">What goes before; null for nothing.</param>
    /// <param name="reason">Null when nobody said.</param>
    /// <param name="turn">The turn.</param>
    public static Decision Cancel(
        TaskRegistryState state,
        ICommand<EpicReply> command,
        EpicEntry epic,
        EpicFacts facts,
        EpicChanged? changed,
        string? reason,
        in Turn turn)
    {
        EpicCancelled cancelled = new(epic.Id, turn.Now, reason);
        var slice = Slice.Of([epic], MostEvents - 2, id => Because(EpicStatus.Cancelled, id, reason), turn);
        EpicReply.Found found = new(facts.After(cancelled).View(state.Name, slice.CountsOf(epic)));
        return slice.On(Decision.Answer<EpicReply>(command, found, changed is null ? [cancelled] : [changed, cancelled]), state);
    }

    public static Decision Decide(TaskRegistryState state, DeleteEpic delete, in Turn turn)
    {
        if (Planning.Load(state, delete.Epic, turn) is { } load)
        {
            return load;
        }

        var epic = state.Find(delete.Epic);
        if (Planning.Unfit(epic, delete.Epic, delete.Version) is { } refusal)
        {
            return Planning.Refuse(delete, refusal);
        }

        if (epic!.Facts.Status == EpicStatus.Deleted)
        {
            return Decision.Answer(delete, new EpicReply.Found(epic.View(state.Name)));
        }

        EpicDeleted deleted = new(delete.Epic, turn.Now);
        var slice = Slice.Of([epic], MostEvents - 1, _ => Because(EpicStatus.Deleted, delete.Epic, null), turn);
        var view = epic.Facts.After(deleted).View(state.Name, slice.CountsOf(epic));
        return slice.On(Decision.Answer(delete, new EpicReply.Found(view), deleted), state);
    }

    public static Decision Decide(TaskRegistryState state, DeleteEpics delete, in Turn turn)
    {
        List<RowKey> missing = [];
        var isMissing = false;
        List<EpicEntry> doomed = [];
        List<EpicId> unknown = [];
        foreach (var id in delete.Epics)
        {
            var epic = state.Find(id);
            if (epic is null && turn.IsAbsent(EpicRow.Key(id)))
            {
                unknown.Add(id);
                continue;
            }

            // Those that an earlier load brought are named again, or they would be forgotten before this one is back.
            if (epic is not { IsOpen: true })
            {
                missing.Add(EpicRow.Key(id));
                isMissing |= epic is null;
            }

            if (epic is { Facts.Status: not EpicStatus.Deleted })
            {
                doomed.Add(epic);
            }
        }

        if (isMissing)
        {
            return Decision.Needs([.. missing]);
        }

        EpicsReply.Deleted reply = new(delete.Epics.Except(unknown).ToValueList(), unknown.ToValueList());
        var slice = Slice.Of(doomed, MostEvents - doomed.Count, id => Because(EpicStatus.Deleted, id, null), turn);
        var now = turn.Now;
        TaskRegistryEvent[] events = [.. doomed.Select(epic => new EpicDeleted(epic.Id, now))];
        return slice.On(Decision.Answer<EpicsReply>(delete, reply, events), state);
    }

    /// <summary>The next slice of every epic that was called off.</summary>
    public static Decision Decide(TaskRegistryState state, in Turn turn)
    {
        var doomed = state.Epics.Where(epic => epic.Facts.IsClosed && epic.Open.Count > 0).ToList();
        return Slice.Of(doomed, MostEvents, id => Because(state.Find(id)!.Facts), turn).On(Decision.Note(), state);
    }

    private static string Because(EpicFacts epic) => Because(epic.Status, epic.Id, epic.Reason);

    private static string Because(EpicStatus status, EpicId epic, string? reason) =>
        status == EpicStatus.Cancelled && reason is { Length: > 0 } ? reason : $"Its epic {epic} was {status.Word()}.";

    /// <summary>The tasks that one turn cancels.</summary>
    /// <param name="Tasks">Of the epics, in no order.</param>
    /// <param name="Events">One a task.</param>
    /// <param name="IsLast">Whether none is left.</param>
    private sealed record Slice(List<TaskEntry> Tasks, TaskRegistryEvent[] Events, bool IsLast)
    {
        public static Slice Of(IReadOnlyList<EpicEntry> epics, int most, Func<EpicId, string> because, in Turn turn)
        {
            List<TaskEntry> tasks = [.. epics.SelectMany(epic => epic.Open).Take(most)];
            var now = turn.Now;
            return new(
                tasks,
                [.. tasks.Select(task => new TaskCancelled(task.Id, now, because(task.Facts.Spec.EpicId!.Value)))],
                tasks.Count == epics.Sum(epic => epic.Open.Count));
        }

        /// <summary>The numbers of an epic's tasks after this.</summary>
        public EpicCounts CountsOf(EpicEntry epic) => Tasks.Aggregate(
            epic.Counts, (counts, task) => counts.Moved(task.Facts.Shown, WorkStatus.Cancelled));

        /// <summary>Adds the cancels to a decision, and the message that goes on with the rest.</summary>
        public Decision On(Decision decision, TaskRegistryState state)
        {
            decision = decision.Also(Events).With(
                [.. Tasks.Where(task => task.Facts.Claim is not null).Select(task => new TimerChange.Cancel(Lapsing.Timer(task.Id)))]);
            return IsLast ? decision : decision.Tell(new Message(Kinds.RegistryOf(state.Name), new SweepEpics()));
        }
    }
}
