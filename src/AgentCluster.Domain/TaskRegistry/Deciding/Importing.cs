using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Taking over rows of another tracker, a chunk at a time; a repeat changes nothing.</summary>
internal static class Importing
{
    public static Decision Decide(TaskRegistryState state, ImportRows import, in Turn turn)
    {
        var missing = Missing(state, import, turn);
        if (missing.Count > 0)
        {
            return Decision.Needs([.. missing]);
        }

        ImportPlan plan = new(state, import.Source);
        foreach (var epic in import.Epics)
        {
            plan.Take(epic);
        }

        foreach (var row in import.Rows)
        {
            plan.Take(row);
        }

        return Decision.Answer(import, plan.Reply, [.. plan.Events]);
    }

    public static Decision Decide(TaskRegistryState state, AdoptTasks adopt, in Turn turn)
    {
        HashSet<RowKey> missing = [];
        List<TaskRegistryEvent> events = [];
        var epic = state.Find(adopt.Epic);
        if (epic is null && !turn.IsAbsent(EpicRow.Key(adopt.Epic)))
        {
            missing.Add(EpicRow.Key(adopt.Epic));
        }

        foreach (var id in adopt.Tasks)
        {
            var task = state.Find(id);
            if (task is null && !turn.IsAbsent(TaskRow.Key(id)))
            {
                missing.Add(TaskRow.Key(id));
            }
            else if (task is { Facts.IsAdoptable: true } && epic is not null && !(epic.Facts.IsClosed && task.Facts.IsOpen))
            {
                events.Add(new TaskAdopted(id, adopt.Epic));
            }
        }

        return missing.Count > 0
            ? Decision.Needs([.. missing])
            : Decision.Answer(
                adopt, new ImportReply(0, adopt.Tasks.Count - events.Count, events.Count, [], [], []), [.. events]);
    }

    /// <summary>
    /// What has to be loaded; empty when everything is here. Rows that an earlier load brought and that have ended are
    /// named again, or they would be forgotten before this load is back.
    /// </summary>
    private static HashSet<RowKey> Missing(TaskRegistryState state, ImportRows import, in Turn turn)
    {
        HashSet<RowKey> cold = [];
        var isMissing = false;
        foreach (var epic in import.Epics)
        {
            NeedEpic(epic.Id, turn);
        }

        foreach (var row in import.Rows)
        {
            var task = state.Find(row.Id);
            Need(TaskRow.Key(row.Id), task is not null, task is { Facts.IsOpen: true }, turn);
            foreach (var on in row.DependsOn)
            {
                var dependency = state.Find(on);
                Need(TaskRow.Key(on), dependency is not null, dependency is { Facts.IsOpen: true }, turn);
            }

            NeedEpic(row.Parent, turn);
            NeedEpic(row.Epic, turn);

            // A row that has changed is compared with all that is known of the task.
            if (task is { Facts.HasDetail: true } && task.Facts.SourceHash != row.Hash)
            {
                Need(TaskRow.DetailKey(row.Id), task.Detail is not null, stays: false, turn);
            }
        }

        return isMissing ? cold : [];

        void NeedEpic(EpicId? epic, in Turn turn)
        {
            if (epic is { } id)
            {
                var found = state.Find(id);
                Need(EpicRow.Key(id), found is not null, found?.IsOpen is true, turn);
            }
        }

        void Need(RowKey key, bool isHere, bool stays, in Turn turn)
        {
            if (!stays && !turn.IsAbsent(key))
            {
                cold.Add(key);
                isMissing |= !isHere;
            }
        }
    }
}
