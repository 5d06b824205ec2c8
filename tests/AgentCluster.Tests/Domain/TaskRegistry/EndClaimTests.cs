using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>Fail, release and cancel.</summary>
public sealed class EndClaimTests : TaskRegistrySpec
{
    [Fact]
    public void A_release_gives_the_task_back_and_costs_an_attempt()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new ReleaseTask(task, token, "Too tired."));

        var view = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.Pending, 1, "Too tired.", null), (view.Status, view.Attempt, view.Reason, view.Assignee));
        Assert.Null(view.Claim);
        Assert.Equal([new ClaimEnded(task, token, ClaimEnd.Released, Now, "Too tired.")], turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(task))], turn.Timers);
        Assert.Equal(view, Read(task));
        Assert.Equal(task, ClaimNext(By(Grace)));
    }

    // Broken on purpose: "Attempt <= MaxAttempts" in MayBeTriedAgain tries a fourth time.
    [Fact]
    public void The_last_attempt_that_fails_fails_the_task()
    {
        var task = Create();
        Fail(task, Claim(task, Ada));
        When(new ReleaseTask(task, Claim(task, Ada), null));

        var token = Claim(task, Ada);
        var (reply, turn) = When(new FailTask(task, token, "Broken.", Retryable: true));

        var view = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.Failed, 3, "Broken."), (view.Status, view.Attempt, view.Reason));
        Assert.Equal(
            [new ClaimEnded(task, token, ClaimEnd.Failed, Now, "Broken."), new TaskFailed(task, Now), new Escalated(task, 3, Now)], turn.Events);
        Assert.Equal(view, Read(task));
        ExpectAllAlike();
    }

    [Fact]
    public void What_is_not_retryable_fails_at_once()
    {
        var task = Create();

        Fail(task, Claim(task, Ada), retryable: false);

        Assert.Equal((WorkStatus.Failed, 1), (Read(task).Status, Read(task).Attempt));
        Assert.Null(ClaimNext(By(Ada)));
    }

    [Fact]
    public void A_failed_tasks_dependants_stay_blocked_also_after_a_recovery()
    {
        var task = Create();
        var dependant = Create(task);
        Fail(task, Claim(task, Ada), retryable: false);
        Recover();

        Assert.Equal([new(task, DependencyState.Failed)], Read(dependant).DependsOn);
        Assert.Null(ClaimNext(By(Ada)));
        ExpectAllAlike();
    }

    [Fact]
    public void A_repeat_with_the_old_token_is_superseded_and_without_effect()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new ReleaseTask(task, token, null));

        var release = When(new ReleaseTask(task, token, null));
        var fail = When(new FailTask(task, token, "x", true));

        Assert.Equal(new TaskReply.Refused(new TaskRefusal.ClaimSuperseded(null, token)), release.Reply);
        Assert.Equal(new TaskReply.Refused(new TaskRefusal.ClaimSuperseded(null, token)), fail.Reply);
        Assert.Empty(release.Turn.Events);
        Assert.Empty(fail.Turn.Events);
        Assert.Equal(1, Read(task).Attempt);
    }

    [Fact]
    public void After_a_cancel_fail_and_release_are_invalid_transitions()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new CancelTask(task, null));

        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Cancelled, WorkStatus.Failed)),
            When(new FailTask(task, token, "x", true)).Reply);
        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Cancelled, WorkStatus.Pending)),
            When(new ReleaseTask(task, token, null)).Reply);
    }

    [Fact]
    public void A_cancel_ends_a_claim_at_once_and_costs_no_attempt()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new CancelTask(task, "Not needed."));

        var view = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.Cancelled, 0, "Not needed.", "ada"), (view.Status, view.Attempt, view.Reason, view.Assignee));
        Assert.Equal([new TaskCancelled(task, Now, "Not needed.")], turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(task))], turn.Timers);
        Assert.Equal(token.Value, Rows[new("task", task.Value)].Columns[8].Number);
        Assert.Empty(Timers());
        ExpectAllAlike();
    }

    [Fact]
    public void Cancelling_again_changes_nothing_and_what_is_done_cannot_be_cancelled()
    {
        TaskId cancelled = Create(), done = Create();
        When(new CancelTask(cancelled, "a"));
        Complete(done, Claim(done, Ada));

        var again = When(new CancelTask(cancelled, "b"));

        Assert.Equal("a", Assert.IsType<TaskReply.Found>(again.Reply).Task.Reason);
        Assert.Empty(again.Turn.Events);
        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Completed, WorkStatus.Cancelled)),
            When(new CancelTask(done, null)).Reply);
    }

    [Fact]
    public void Unknown_tasks_are_not_found()
    {
        var unknown = NewId();
        TaskReply notFound = new TaskReply.Refused(new TaskRefusal.NotFound(unknown));

        Assert.Equal(notFound, When(new FailTask(unknown, Token(1), "x", true)).Reply);
        Assert.Equal(notFound, When(new ReleaseTask(unknown, Token(1), null)).Reply);
        Assert.Equal(notFound, When(new CancelTask(unknown, null)).Reply);
        Assert.Equal(notFound, When(new ReadTask(unknown)).Reply);
    }

    private IEnumerable<TimerChange> Timers() => TaskRegistryBehavior.Timers(State);
}
