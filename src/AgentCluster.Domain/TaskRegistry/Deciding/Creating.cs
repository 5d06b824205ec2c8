using System.Runtime.InteropServices;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Creating tasks, all or none.</summary>
internal static class Creating
{
    public static Decision Decide(TaskRegistryState state, CreateTasks create, in Turn turn)
    {
        Dictionary<TaskId, NewTask> batch = new(create.Tasks.Count);
        List<FieldError> errors = [];
        for (var i = 0; i < create.Tasks.Count; i++)
        {
            var task = create.Tasks[i];
            if (!batch.TryAdd(task.Id, task) || state.Find(task.Id) is not null)
            {
                errors.Add(new(Field(create, i, "id"), $"Expected a new id, found {task.Id}, which exists."));
            }
        }

        HashSet<RowKey> unknown = [];
        for (var i = 0; i < create.Tasks.Count; i++)
        {
            foreach (var on in create.Tasks[i].DependsOn)
            {
                if (!batch.ContainsKey(on))
                {
                    Check(state, on, Field(create, i, "depends_on"), turn, errors, unknown);
                }
            }
        }

        var ended = CheckEpics(state, create, turn, errors, unknown);
        if (unknown.Count > 0)
        {
            return Decision.Needs([.. unknown]);
        }

        CountDependants(state, create, errors);
        return errors.Count > 0
            ? Decision.Answer(create, new CreateReply.Refused(new TaskRefusal.Invalid(errors.ToValueList())))
            : ended is not null ? Decision.Answer(create, new CreateReply.Refused(ended))
            : Create(state, create, batch, turn);
    }

    private static void Check(
        TaskRegistryState state, TaskId on, string field, in Turn turn, List<FieldError> errors, HashSet<RowKey> unknown)
    {
        if (state.Find(on) is { } found)
        {
            if (found.Facts.Status == WorkStatus.Deleted)
            {
                errors.Add(new(field, $"Expected a task that exists, found {on}, which was deleted."));
            }
        }
        else if (turn.IsAbsent(TaskRow.Key(on)))
        {
            errors.Add(new(field, $"Expected a task of project '{state.Name}', found {on}, which is unknown there."));
        }
        else
        {
            unknown.Add(TaskRow.Key(on));
        }
    }

    /// <summary>An epic that is completed or failed is active again with a new task; one that was called off stays so.</summary>
    /// <returns>The refusal, when one of them is cancelled or deleted.</returns>
    private static TaskRefusal.EpicTransition? CheckEpics(
        TaskRegistryState state, CreateTasks create, in Turn turn, List<FieldError> errors, HashSet<RowKey> unknown)
    {
        TaskRefusal.EpicTransition? ended = null;
        for (var i = 0; i < create.Tasks.Count; i++)
        {
            if (create.Tasks[i].Spec.EpicId is not { } id)
            {
                continue;
            }

            switch (state.Find(id))
            {
                case { Facts.IsClosed: true } epic:
                    ended ??= new(id, epic.Facts.Status, EpicStatus.Active);
                    break;
                case null when turn.IsAbsent(EpicRow.Key(id)):
                    errors.Add(new(
                        Field(create, i, "epic_id"), $"Expected an epic of project '{state.Name}', found {id}, which is unknown there."));
                    break;
                case null:
                    unknown.Add(EpicRow.Key(id));
                    break;
            }
        }

        return ended;
    }

    private static Decision Create(
        TaskRegistryState state, CreateTasks create, Dictionary<TaskId, NewTask> batch, in Turn turn)
    {
        // Nothing outside of the batch can depend on a new id, so a cycle lies within the batch.
        CycleSearch search = new(task => batch.TryGetValue(task, out var created) ? created.DependsOn : []);
        if (search.Among(batch.Keys) is { IsEmpty: false } cycle)
        {
            return Decision.Answer(create, new CreateReply.Refused(new TaskRefusal.DependencyCycle(cycle)));
        }

        var ordinal = state.LastOrdinal;
        List<TaskRegistryEvent> events = new(create.Tasks.Count);
        var views = new TaskView[create.Tasks.Count];
        for (var i = 0; i < create.Tasks.Count; i++)
        {
            var task = create.Tasks[i];
            TaskCreated created = new(task.Id, task.Spec, ++ordinal, turn.Now, States(state, task));
            events.Add(created);
            var facts = TaskFacts.From(created);
            foreach (var watcher in task.Watchers)
            {
                TaskWatched watched = new(task.Id, watcher, turn.Now);
                events.Add(watched);
                facts = facts.After(watched);
            }

            views[i] = facts.View(state.Name, default);
        }

        return Decision.Answer(create, new CreateReply.Created(ValueList.Of<TaskView>(views)), CollectionsMarshal.AsSpan(events));
    }

    private static ValueList<Dependency> States(TaskRegistryState state, NewTask task) => task.DependsOn
        .Select(on => new Dependency(
            on, state.Find(on) is { } found ? DependencyGraph.StateOf(found.Facts.Status) : DependencyState.Open))
        .ToValueList();

    private static void CountDependants(TaskRegistryState state, CreateTasks create, List<FieldError> errors)
    {
        foreach (var more in create.Tasks.SelectMany(task => task.DependsOn).CountBy(on => on))
        {
            var count = state.Graph.DependantsOf(more.Key).Count + more.Value;
            if (count > Bounds.Dependants)
            {
                errors.Add(new("depends_on", $"Expected at most {Bounds.Dependants} open tasks that depend on {more.Key}, found {count}."));
            }
        }
    }

    private static string Field(CreateTasks create, int index, string field) =>
        create.Tasks.Count == 1 ? field : $"tasks[{index}].{field}";
}
