using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>An event that is about one task.</summary>
internal interface IOfTask
{
    TaskId Task { get; }
}

/// <summary>An event that is about one epic.</summary>
internal interface IOfEpic
{
    EpicId Epic { get; }
}

/// <summary>Who follows what, and hears of an event: the task, its epic, and the agent that works on it.</summary>
internal static class Channels
{
    /// <summary>Of an event that was just decided and is not applied yet: a claim that it ends is still there.</summary>
    public static string Of(TaskRegistryState state, TaskRegistryEvent happened)
    {
        TaskId? task = happened is IOfTask ofTask ? ofTask.Task : null;
        var facts = task is { } id ? state.Find(id)?.Facts : null;
        var epic = happened is IOfEpic ofEpic ? ofEpic.Epic : SpecOf(happened) is { } spec ? spec.EpicId : facts?.Spec.EpicId;
        var agent = happened is TaskClaimed claimed ? claimed.Agent : facts?.Claim?.Agent;
        return (epic, agent) switch
        {
            _ when task is null => epic is null ? "" : $"epic:{epic}",
            (null, null) => $"task:{task}",
            (null, _) => $"task:{task}\nagent:{agent}",
            (_, null) => $"task:{task}\nepic:{epic}",
            _ => $"task:{task}\nepic:{epic}\nagent:{agent}",
        };
    }

    private static TaskSpec? SpecOf(TaskRegistryEvent happened) => happened switch
    {
        TaskCreated created => created.Spec,
        TaskImported imported => imported.Spec,
        TaskReimported again => again.Spec,
        _ => null,
    };
}
