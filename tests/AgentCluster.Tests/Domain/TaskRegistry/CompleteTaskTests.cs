using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class CompleteTaskTests : TaskRegistrySpec
{
    [Fact]
    public void A_completion_is_kept_with_what_it_shows_for_itself_and_ends_the_lease()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new CompleteTask(
            task, token, "It parses.", Examples.Evidence, [new(0, true, "see tests")], Examples.Cost, null));

        var completed = Assert.IsType<CompleteReply.Completed>(reply);
        Outcome outcome = new(Now, "It parses.", Examples.Evidence, [new(0, true, "see tests")]);
        Assert.Equal((outcome, WorkStatus.Completed, "ada", 100), (completed.Task.Outcome, completed.Task.Status, completed.Task.Assignee, completed.Task.Percent));
        Assert.Null(completed.Task.Claim);
        Assert.Null(completed.Next);
        Assert.Equal([new TaskCompleted(task, token, outcome, Examples.Cost)], turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(task))], turn.Timers);
        Assert.Equal(completed.Task, Read(task));
        ExpectAllAlike();
    }

    // Broken on purpose: Lookup.Refuse that answers null for any claim lets a zombie complete somebody else's work.
    [Fact]
    public void A_superseded_holder_completes_nothing()
    {
        var task = Create();
        var old = Claim(task, Ada);
        When(new ReleaseTask(task, old, null));
        var current = Claim(task, Grace);

        var (reply, turn) = When(new CompleteTask(task, old, "Mine!", null, [], null, null));

        Assert.Equal(new CompleteReply.Refused(new TaskRefusal.ClaimSuperseded(Grace, current)), reply);
        Assert.Empty(turn.Events);
    }

    [Fact]
    public void A_token_that_was_never_granted_is_superseded_too()
    {
        var task = Create();
        var token = Claim(task, Ada);

        Assert.Equal(
            new CompleteReply.Refused(new TaskRefusal.ClaimSuperseded(Ada, token)),
            When(new CompleteTask(task, Token(99), null, null, [], null, null)).Reply);
    }

    [Theory]
    [InlineData(true, WorkStatus.Completed)]
    [InlineData(false, WorkStatus.Cancelled)]
    public void What_has_ended_is_not_completed(bool byCompletion, WorkStatus from)
    {
        var task = Create();
        var token = Claim(task, Ada);
        if (byCompletion)
        {
            Complete(task, token);
        }
        else
        {
            When(new CancelTask(task, null));
        }

        var (reply, turn) = When(new CompleteTask(task, token, "Again.", null, [], null, null));

        Assert.Equal(new CompleteReply.Refused(new TaskRefusal.InvalidTransition(from, WorkStatus.Completed)), reply);
        Assert.Empty(turn.Events);
    }

    [Fact]
    public void An_unknown_task_is_not_found()
    {
        var unknown = NewId();

        Assert.Equal(
            new CompleteReply.Refused(new TaskRefusal.NotFound(unknown)),
            When(new CompleteTask(unknown, Token(1), null, null, [], null, null)).Reply);
    }

    [Fact]
    public void Its_dependants_become_ready_when_nothing_else_gates_them()
    {
        TaskId first = Create(), second = Create();
        var both = Create(first, second);
        var one = Create(first);

        Complete(first, Claim(first, Ada));

        Assert.Equal((WorkStatus.Blocked, WorkStatus.Pending), (Read(both).Status, Read(one).Status));
        Assert.Equal("pending", Rows[new("task", one.Value)].Columns[3].Text);
        Recover();
        Complete(second, Claim(second, Ada));
        Assert.Equal(WorkStatus.Pending, Read(both).Status);
        ExpectAllAlike();
    }

    [Fact]
    public void The_next_task_is_claimed_in_the_same_turn_for_the_same_holder()
    {
        TaskId first = Create(), second = Create();
        var token = Claim(first, Ada);

        var (reply, turn) = When(new CompleteTask(first, token, null, null, [], null, new(null, null, 60)));

        var next = Assert.IsType<CompleteReply.Completed>(reply).Next!;
        Assert.Equal((second, new ClaimView(Ada, Token(2), Now.AddSeconds(60), 60)), (next.Id, next.Claim));
        Assert.Equal([typeof(TaskCompleted), typeof(TaskClaimed)], turn.Events.Select(happened => happened.GetType()));
        Assert.Equal([typeof(TimerChange.Cancel), typeof(TimerChange.Arm)], turn.Timers.Select(timer => timer.GetType()));
        Assert.Equal(next, Read(second));
        ExpectAllAlike();
    }

    [Fact]
    public void The_next_task_may_be_one_that_the_completion_made_ready()
    {
        var first = Create();
        var other = Create();
        var dependant = Create(spec => spec with { Priority = Priority.P0 }, first);
        var token = Claim(first, Ada);

        var (reply, _) = When(new CompleteTask(first, token, null, null, [], null, new(null, null, 60)));

        var next = Assert.IsType<CompleteReply.Completed>(reply).Next!;
        Assert.Equal((dependant, WorkStatus.Running), (next.Id, next.Status));
        Assert.Equal(next, Read(dependant));
        Assert.Equal(other, ClaimNext(By(Grace)));
    }

    // Broken on purpose: BestAfter that does not relieve the epic, in the queue or for a dependant, takes the other epic's task.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_completed_task_does_not_count_as_running_when_the_next_is_chosen(bool isDependant)
    {
        EpicId busy = new("01KDWYX3000000000000000BSY"), calm = new("01KDWYX3000000000000000CAM");
        var first = Create(spec => spec with { EpicId = busy });
        var token = Claim(first, Ada);
        var second = Create(spec => spec with { EpicId = busy }, isDependant ? [first] : []);
        Create(spec => spec with { EpicId = calm });

        var (reply, _) = When(new CompleteTask(first, token, null, null, [], null, new(null, null, 60)));

        Assert.Equal(second, Assert.IsType<CompleteReply.Completed>(reply).Next!.Id);
    }

    [Fact]
    public void With_nothing_ready_the_completion_stands_alone()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var (reply, _) = When(new CompleteTask(task, token, null, null, [], null, new(null, null, 60)));

        Assert.Null(Assert.IsType<CompleteReply.Completed>(reply).Next);
    }

    [Fact]
    public void An_agent_at_its_bound_may_claim_the_next_since_it_gives_one_back()
    {
        TaskId first = Create(), second = Create();
        When(new ClaimTask(first, By(Ada, 1), Lease));

        var (reply, _) = When(new CompleteTask(first, Token(1), null, null, [], null, new(new(1, []), null, 60)));

        Assert.Equal(second, Assert.IsType<CompleteReply.Completed>(reply).Next!.Id);
    }

    [Fact]
    public void The_next_claim_keeps_to_the_registration_that_the_registry_knows()
    {
        var first = Create();
        Create(spec => spec with { RequiredCapabilities = ["ui"] });
        var sql = Create(spec => spec with { RequiredCapabilities = ["sql"] });
        When(new ClaimTask(first, By(Ada, 5, "sql"), Lease));

        var (reply, _) = When(new CompleteTask(first, Token(1), null, null, [], null, new(null, null, 60)));

        Assert.Equal(sql, Assert.IsType<CompleteReply.Completed>(reply).Next!.Id);
    }
}
