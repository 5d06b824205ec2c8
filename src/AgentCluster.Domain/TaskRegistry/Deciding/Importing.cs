using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
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
        foreach (var id in adopt.Tasks)
        {
            var task = state.Find(id);
            if (task is null)
            {
                Ask(TaskRow.Key(id), turn, missing);
            }
            else if (task.Facts.Spec.EpicId is null)
            {
                events.Add(new TaskAdopted(id, adopt.Epic));
            }
        }

        return missing.Count > 0
            ? Decision.Needs([.. missing])
            : Decision.Answer(
                adopt, new ImportReply(0, adopt.Tasks.Count - events.Count, events.Count, [], []), [.. events]);
    }

    private static HashSet<RowKey> Missing(TaskRegistryState state, ImportRows import, in Turn turn)
    {
        HashSet<RowKey> missing = [];
        foreach (var row in import.Rows)
        {
            AskTask(state, row.Id, turn, missing);
            AskEpic(state, row.Parent, turn, missing);
            AskEpic(state, row.Epic, turn, missing);
            foreach (var on in row.DependsOn)
            {
                AskTask(state, on, turn, missing);
            }

            // A row that has changed is compared with all that is known of the task.
            if (state.Find(row.Id) is { Detail: null, Facts.HasDetail: true } task && task.Facts.SourceHash != row.Hash)
            {
                Ask(TaskRow.DetailKey(row.Id), turn, missing);
            }
        }

        return missing;
    }

    private static void AskTask(TaskRegistryState state, TaskId task, in Turn turn, HashSet<RowKey> missing)
    {
        if (state.Find(task) is null)
        {
            Ask(TaskRow.Key(task), turn, missing);
        }
    }

    private static void AskEpic(TaskRegistryState state, EpicId? epic, in Turn turn, HashSet<RowKey> missing)
    {
        if (epic is { } id && state.Find(id) is null)
        {
            Ask(EpicEntry.Key(id), turn, missing);
        }
    }

    private static void Ask(RowKey key, in Turn turn, HashSet<RowKey> missing)
    {
        if (!turn.IsAbsent(key))
        {
            missing.Add(key);
        }
    }
}
