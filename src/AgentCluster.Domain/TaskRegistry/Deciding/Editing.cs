using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Changing a task by hand.</summary>
internal static class Editing
{
    public static Decision Decide(TaskRegistryState state, EditTask edit, in Turn turn)
    {
        if (Missing(state, edit, turn) is { Count: > 0 } missing)
        {
            return Decision.Needs([.. missing]);
        }

        if (state.Find(edit.Task) is not { } task)
        {
            return Refuse(edit, new TaskRefusal.NotFound(edit.Task));
        }

        if ((Refusal(task.Facts, edit) ?? OfEpic(state, task.Facts, edit.Patch)) is { } refusal)
        {
            return Refuse(edit, refusal);
        }

        if (Bind(state, task, edit, out var dependsOn) is { } unbound)
        {
            return Refuse(edit, unbound);
        }

        var was = task.Facts.Spec with { Detail = task.Detail ?? TaskDetail.None };
        var spec = edit.Patch.On(was);
        if (spec == was && dependsOn is null && edit.Patch.Note is null)
        {
            return Decision.Answer(edit, new TaskReply.Found(task.View(state.Name)));
        }

        TaskEdited edited = new(edit.Task, edit.Patch, turn.Now, dependsOn, edit.By);
        return Decision.Answer(
            edit, new TaskReply.Found(task.Facts.After(edited, spec).View(state.Name, task.RenewedAt)), edited);
    }

    private static TaskRefusal? Refusal(TaskFacts facts, EditTask edit) =>
        edit.ExpectedVersion is { } expected && expected != facts.Version ? new TaskRefusal.VersionMismatch(expected, facts.Version)
        : facts.Status == WorkStatus.Deleted ? new TaskRefusal.InvalidTransition(
            WorkStatus.Deleted, WorkStatus.Deleted, "A deleted task cannot be changed.")
        : facts.IsInReview && edit.Patch.Cleared.HasFlag(TaskFields.Reviewer) ? new TaskRefusal.Invalid(
            [new("reviewer", "Expected a reviewer while a review is pending: name another one, or let it be decided.")])
        : null;

    private static TaskRefusal? OfEpic(TaskRegistryState state, TaskFacts facts, TaskPatch patch) => patch.EpicId is not { } id
        ? null
        : state.Find(id) switch
        {
            null => new TaskRefusal.Invalid(
                [new("epic_id", $"Expected an epic of project '{state.Name}', found {id}, which is unknown there.")]),
            { Facts: { IsClosed: true } epic } when facts.IsOpen => new TaskRefusal.EpicTransition(id, epic.Status, EpicStatus.Active),
            _ => null,
        };

    /// <summary>Checks new dependencies and says how they stand.</summary>
    /// <param name="state">The registry.</param>
    /// <param name="task">The dependant.</param>
    /// <param name="edit">What is asked; everything that it names is in memory, or does not exist.</param>
    /// <param name="dependsOn">What it depends on from here on; null when that does not change.</param>
    /// <returns>Why not; null when nothing speaks against it.</returns>
    private static TaskRefusal? Bind(TaskRegistryState state, TaskEntry task, EditTask edit, out ValueList<Dependency>? dependsOn)
    {
        dependsOn = null;
        var known = task.Facts.DependsOn;
        if (edit.DependsOn is not { } wanted || wanted.SequenceEqual(known.Select(each => each.On)))
        {
            return null;
        }

        List<FieldError> errors = [];
        List<Dependency> bound = [];
        CycleSearch cycles = new(on => state.Find(on) is { Facts: { IsOpen: true } facts } ? facts.DependsOn.Select(each => each.On) : []);
        foreach (var on in wanted)
        {
            var isNew = known.All(each => each.On != on);
            if (isNew && cycles.ClosedBy(task.Id, on) is { IsEmpty: false } cycle)
            {
                return new TaskRefusal.DependencyCycle(cycle);
            }

            if (isNew && Wrong(state, on) is { } wrong)
            {
                errors.Add(new("depends_on", wrong));
            }

            bound.Add(isNew && state.Find(on) is { } found ? new(on, DependencyGraph.StateOf(found.Facts.Status)) : known.FirstOrDefault(each => each.On == on));
        }

        dependsOn = bound.ToValueList();
        return errors.Count > 0 ? new TaskRefusal.Invalid(errors.ToValueList()) : null;
    }

    private static string? Wrong(TaskRegistryState state, TaskId on) => state.Find(on) switch
    {
        null => $"Expected a task of project '{state.Name}', found {on}, which is unknown there.",
        { Facts.Status: WorkStatus.Deleted } => $"Expected a task that exists, found {on}, which was deleted.",
        _ when state.Graph.DependantsOf(on).Count >= Bounds.Dependants =>
            $"Expected at most {Bounds.Dependants} open tasks that depend on {on}, found as many already.",
        _ => null,
    };

    /// <summary>
    /// What has to be loaded; empty when everything is here. What an earlier load brought and has ended is named again, or
    /// it would be forgotten before this load is back.
    /// </summary>
    private static HashSet<RowKey> Missing(TaskRegistryState state, EditTask edit, in Turn turn)
    {
        HashSet<RowKey> cold = [];
        var isMissing = false;
        foreach (var id in edit.DependsOn ?? [])
        {
            Need(id, turn);
        }

        Need(edit.Task, turn);
        if (edit.Patch.Fields.HasFlag(TaskFields.EpicId))
        {
            NeedEpic(edit.Patch.EpicId, turn);
            NeedEpic(state.Find(edit.Task)?.Facts.Spec.EpicId, turn);
        }

        var detail = TaskRow.DetailKey(edit.Task);
        if (edit.Patch.TouchesDetail && state.Find(edit.Task) is { Facts.HasDetail: true } task && !turn.IsAbsent(detail))
        {
            cold.Add(detail);
            isMissing |= task.Detail is null;
        }

        return isMissing ? cold : [];

        void NeedEpic(EpicId? epic, in Turn turn)
        {
            if (epic is { } id && state.Find(id) is not { IsOpen: true } && !turn.IsAbsent(EpicRow.Key(id)))
            {
                cold.Add(EpicRow.Key(id));
                isMissing |= state.Find(id) is null;
            }
        }

        void Need(TaskId id, in Turn turn)
        {
            var found = state.Find(id);
            if (found is not { Facts.IsOpen: true } && !turn.IsAbsent(TaskRow.Key(id)))
            {
                cold.Add(TaskRow.Key(id));
                isMissing |= found is null;
            }
        }
    }

    private static Decision Refuse(EditTask edit, TaskRefusal why) => Decision.Answer(edit, new TaskReply.Refused(why));
}
