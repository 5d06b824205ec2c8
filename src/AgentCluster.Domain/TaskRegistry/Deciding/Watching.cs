using AgentCluster.Actors;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Who gets notices of a task.</summary>
internal static class Watching
{
    public static Decision Decide(TaskRegistryState state, WatchTask watch, in Turn turn)
    {
        if (Lookup.Load(state, watch.Task, turn) is { } load)
        {
            return load;
        }

        if (state.Find(watch.Task) is not { } task)
        {
            return Decision.Answer(watch, new TaskReply.Refused(new TaskRefusal.NotFound(watch.Task)));
        }

        var watchers = task.Facts.Watchers;
        if (watchers.AsSpan().Contains(watch.Agent) == watch.IsWatching)
        {
            return Decision.Answer(watch, new TaskReply.Found(task.View(state.Name)));
        }

        if (watch.IsWatching && watchers.Count >= Bounds.ListLength)
        {
            return Decision.Answer(watch, new TaskReply.Refused(new TaskRefusal.Invalid(
                [new("agent", $"Expected at most {Bounds.ListLength} watchers of a task, found as many already.")])));
        }

        if (watch.IsWatching)
        {
            TaskWatched watched = new(watch.Task, watch.Agent, turn.Now);
            return Decision.Answer(
                watch, new TaskReply.Found(task.Facts.After(watched).View(state.Name, task.RenewedAt)), watched);
        }

        TaskUnwatched unwatched = new(watch.Task, watch.Agent, turn.Now);
        return Decision.Answer(
            watch, new TaskReply.Found(task.Facts.After(unwatched).View(state.Name, task.RenewedAt)), unwatched);
    }
}
