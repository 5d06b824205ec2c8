using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.TaskRegistry.Rows;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>What people write about epics.</summary>
internal static class Planning
{
    public static Decision Decide(TaskRegistryState state, CreateEpic create, in Turn turn)
    {
        if (state.Find(create.Epic) is not null)
        {
            return Refuse(create, new TaskRefusal.Invalid([new("id", $"Expected a new id, found {create.Epic}, which exists.")]));
        }

        EpicCreated created = new(create.Epic, create.Spec, turn.Now);
        return Decision.Answer(create, new EpicReply.Found(EpicFacts.From(created).View(state.Name, default)), created);
    }

    public static Decision Decide(TaskRegistryState state, ChangeEpic change, in Turn turn)
    {
        if (Load(state, change.Epic, turn) is { } load)
        {
            return load;
        }

        var epic = state.Find(change.Epic);
        if (Unfit(epic, change.Epic, change.Version) is { } refusal)
        {
            return Refuse(change, refusal);
        }

        if (epic!.Facts.Status == EpicStatus.Deleted)
        {
            return Refuse(change, new TaskRefusal.EpicTransition(change.Epic, EpicStatus.Deleted, EpicStatus.Active));
        }

        var status = epic.Facts.Status;
        var to = change.Patch.Status ?? status;
        if (to != status && (to != EpicStatus.Cancelled || !status.IsOpen()))
        {
            return Refuse(change, new TaskRefusal.EpicTransition(change.Epic, status, to));
        }

        var spec = change.Patch.On(epic.Facts.Spec);
        EpicChanged? changed = spec == epic.Facts.Spec ? null : new(change.Epic, spec, turn.Now);
        var after = changed is null ? epic.Facts : epic.Facts.After(changed);
        return to != status
            ? Sweeping.Cancel(state, change, epic, after, changed, reason: null, turn)
            : Decision.Answer(change, new EpicReply.Found(after.View(state.Name, epic.Counts)), changed is null ? [] : [changed]);
    }

    public static Decision Decide(TaskRegistryState state, ReadEpic read, in Turn turn) =>
        Load(state, read.Epic, turn)
        ?? Decision.Answer<EpicReply>(
            read,
            state.Find(read.Epic) is { } epic
                ? new EpicReply.Found(epic.View(state.Name))
                : new EpicReply.Refused(new TaskRefusal.EpicNotFound(read.Epic)));

    /// <summary>An epic that has to be loaded before anything can be said about it; null when nothing has to.</summary>
    public static Decision? Load(TaskRegistryState state, EpicId epic, in Turn turn) =>
        state.Find(epic) is null && !turn.IsAbsent(EpicRow.Key(epic)) ? Decision.Needs(EpicRow.Key(epic)) : null;

    /// <summary>Says that there is no such epic, or not at this version; null when there is.</summary>
    public static TaskRefusal? Unfit(EpicEntry? epic, EpicId id, long? version) =>
        epic is null ? new TaskRefusal.EpicNotFound(id)
        : version is { } seen && seen != epic.Facts.Version ? new TaskRefusal.VersionMismatch(seen, epic.Facts.Version)
        : null;

    public static Decision Refuse(ICommand<EpicReply> command, TaskRefusal why) =>
        Decision.Answer(command, new EpicReply.Refused(why));
}
