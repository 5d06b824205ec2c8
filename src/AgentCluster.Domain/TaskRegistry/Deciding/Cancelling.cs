using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Calling a task off.</summary>
internal static class Cancelling
{
    public static Decision Decide(TaskRegistryState state, CancelTask cancel, in Turn turn)
    {
        if (Lookup.Load(state, cancel.Task, turn) is { } load)
        {
            return load;
        }

        switch (state.Find(cancel.Task))
        {
            case null:
                return Decision.Answer(cancel, new TaskReply.Refused(new TaskRefusal.NotFound(cancel.Task)));
            case { Facts.Status: WorkStatus.Cancelled } task:
                return Decision.Answer(cancel, new TaskReply.Found(task.View(state.Name)));
            case { Facts: { IsOpen: false } facts }:
                return Decision.Answer(
                    cancel,
                    new TaskReply.Refused(new TaskRefusal.InvalidTransition(facts.Status, WorkStatus.Cancelled)));
            case var task:
                TaskCancelled cancelled = new(cancel.Task, turn.Now, cancel.Reason);
                return Decision.Answer(
                        cancel, new TaskReply.Found(task.Facts.After(cancelled).View(state.Name, default)), cancelled)
                    .With(new TimerChange.Cancel(Lapsing.Timer(cancel.Task)));
        }
    }
}
