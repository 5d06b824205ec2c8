using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class DeleteTasksTests : TaskRegistrySpec
{
    [Fact]
    public void Tasks_of_every_state_are_deleted_and_the_unknown_are_named()
    {
        TaskId open = Create(), held = Create(), done = Create(), unknown = NewId();
        Complete(done, Claim(done, Ada));
        var token = Claim(held, Ada);
        Recover();

        var (reply, turn) = When(new DeleteTasks([open, unknown, held, done]));

        Assert.Equal(new DeleteReply.Done([open, held, done], [unknown]), reply);
        Assert.Equal([new TaskDeleted(open, Now), new TaskDeleted(held, Now), new TaskDeleted(done, Now)], turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(held))], turn.Timers);
        Assert.All([open, held, done], task => Assert.Equal(WorkStatus.Deleted, Read(task).Status));
        Assert.True(Assert.IsType<ProgressReply.Noted>(When(new ReportProgress(held, token, null, null, null)).Reply).CancelRequested);
        Assert.Equal(
            new CompleteReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Deleted, WorkStatus.Completed)),
            When(new CompleteTask(held, token, "s", null, [], null, null)).Reply);
        ExpectAllAlike();
    }

    // Broken on purpose: Decide that writes TaskDeleted for a task that is deleted already.
    [Fact]
    public void Deleting_again_changes_nothing()
    {
        var task = Create();
        When(new DeleteTasks([task]));

        var (reply, turn) = When(new DeleteTasks([task]));

        Assert.Equal(new DeleteReply.Done([task]), reply);
        Assert.Empty(turn.Events);
    }

    [Fact]
    public void The_dependants_of_a_deleted_task_go_on()
    {
        TaskId task = Create(), dependant = Create(task);

        When(new DeleteTasks([task]));

        Assert.Equal(WorkStatus.Pending, Read(dependant).Status);
        Assert.Equal(dependant, ClaimNext(By(Ada)));
        Assert.Null(ClaimNext(By(Ada)));
        ExpectAllAlike();
    }

    [Fact]
    public void A_watcher_is_kept_once_and_let_go()
    {
        var task = Create();

        Assert.Equal([Grace], Watched(When(new WatchTask(task, Grace, true)).Reply));
        Assert.Empty(When(new WatchTask(task, Grace, true)).Turn.Events);
        Assert.Equal([Grace, Ada], Watched(When(new WatchTask(task, Ada, true)).Reply));
        ExpectAllAlike();
        Assert.Equal([Ada], Watched(When(new WatchTask(task, Grace, false)).Reply));
        Assert.Empty(When(new WatchTask(task, Grace, false)).Turn.Events);
        Recover();
        Assert.Equal([Ada], Read(task).Watchers);
    }

    [Fact]
    public void A_task_has_two_hundred_watchers_at_most()
    {
        var task = Create();
        for (var i = 0; i < Bounds.ListLength; i++)
        {
            When(new WatchTask(task, new($"agent{i}"), true));
        }

        Assert.IsType<TaskRefusal.Invalid>(Assert.IsType<TaskReply.Refused>(When(new WatchTask(task, Ada, true)).Reply).Why);
    }

    private static ValueList<AgentId> Watched(TaskReply reply) => Assert.IsType<TaskReply.Found>(reply).Task.Watchers;
}
