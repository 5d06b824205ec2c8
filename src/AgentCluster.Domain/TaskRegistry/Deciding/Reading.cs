using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Ready;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Reading what lies in memory: one task, and the ready ones.</summary>
internal static class Reading
{
    public static Decision Decide(TaskRegistryState state, ReadTask read, in Turn turn) =>
        Lookup.Load(state, read.Task, turn)
        ?? Decision.Answer<TaskReply>(
            read,
            state.Find(read.Task) is { } task
                ? new TaskReply.Found(task.View(state.Name))
                : new TaskReply.Refused(new TaskRefusal.NotFound(read.Task)));

    public static Decision Decide(TaskRegistryState state, ListAvailable list)
    {
        HashSet<string>? capabilities = list.Capabilities is { } can ? [.. can] : null;
        bool IsFor(ReadyPartition partition) => list.Capabilities is null || partition.IsFor(capabilities);

        var tasks = state.Ready.InOrder(IsFor).Skip(list.Offset).Take(list.Limit);
        return Decision.Answer(
            list,
            new AvailableReply(
                tasks.Select(task => task.View(state.Name)).ToValueList(),
                state.Ready.Count(IsFor)));
    }
}
