using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Taking tasks out of the lists.</summary>
internal static class Deleting
{
    public static Decision Decide(TaskRegistryState state, DeleteTasks delete, in Turn turn)
    {
        if (Missing(state, delete, turn) is { Count: > 0 } missing)
        {
            return Decision.Needs([.. missing]);
        }

        List<TaskId> deleted = [];
        List<TaskId> unknown = [];
        List<TaskRegistryEvent> events = [];
        List<TimerChange> timers = [];
        foreach (var id in delete.Tasks)
        {
            if (state.Find(id) is not { } task)
            {
                unknown.Add(id);
                continue;
            }

            deleted.Add(id);
            if (task.Facts.Status != WorkStatus.Deleted)
            {
                events.Add(new TaskDeleted(id, turn.Now));
            }

            if (task.Facts.Claim is not null)
            {
                timers.Add(new TimerChange.Cancel(Lapsing.Timer(id)));
            }
        }

        return Decision.Answer(delete, new DeleteReply.Done(deleted.ToValueList(), unknown.ToValueList()), [.. events]).With([.. timers]);
    }

    private static HashSet<RowKey> Missing(TaskRegistryState state, DeleteTasks delete, in Turn turn)
    {
        HashSet<RowKey> cold = [];
        var isMissing = false;
        foreach (var id in delete.Tasks)
        {
            var found = state.Find(id);
            if (found is not { Facts.IsOpen: true } && !turn.IsAbsent(TaskRow.Key(id)))
            {
                cold.Add(TaskRow.Key(id));
                isMissing |= found is null;
            }

            // Of a task that has ended, the epic may have been forgotten, and its numbers change.
            if (found?.Facts.Spec.EpicId is { } epic && state.Find(epic) is not { IsOpen: true } && !turn.IsAbsent(EpicRow.Key(epic)))
            {
                cold.Add(EpicRow.Key(epic));
                isMissing |= state.Find(epic) is null;
            }
        }

        return isMissing ? cold : [];
    }
}
