using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class ClaimTaskTests : TaskRegistrySpec
{
    [Fact]
    public void A_free_task_is_granted_with_the_next_token_and_its_lease_is_armed()
    {
        var task = Create();

        var (reply, turn) = When(new ClaimTask(task, By(Ada), Lease));

        var granted = Granted(reply);
        Assert.Equal(new ClaimView(Ada, Token(1), Now.AddSeconds(Lease), Lease), granted.Claim);
        Assert.Equal((WorkStatus.Running, 0, "ada"), (granted.Status, granted.Attempt, granted.Assignee));
        Assert.Equal([new TaskClaimed(task, Ada, Token(1), Lease, Now)], turn.Events);
        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.FromSeconds(Lease), new LapseClaim(task, Token(1), 0, 0))],
            turn.Timers);
        Assert.Equal(granted, Read(task));
    }

    // Broken on purpose: Claiming.Decide without its look at the claim grants the second one too.
    [Fact]
    public void A_held_task_is_refused_and_nothing_happens()
    {
        var task = Create();
        Claim(task, Ada);

        var (reply, turn) = When(new ClaimTask(task, By(Grace), Lease));

        Assert.Equal(new ClaimReply.Refused(new TaskRefusal.AlreadyClaimed(Ada, Now.AddSeconds(Lease))), reply);
        Assert.Empty(turn.Events);
        Assert.Empty(turn.Timers);
    }

    [Fact]
    public void A_claim_outlives_its_shown_end_until_it_lapses()
    {
        var task = Create();
        Claim(task, Ada);
        Pass(TimeSpan.FromSeconds(Lease + 1));

        Assert.IsType<ClaimReply.Refused>(When(new ClaimTask(task, By(Grace), Lease)).Reply);
    }

    [Fact]
    public void An_unknown_task_is_not_found()
    {
        var unknown = NewId();

        Assert.Equal(
            new ClaimReply.Refused(new TaskRefusal.NotFound(unknown)), When(new ClaimTask(unknown, By(Ada), Lease)).Reply);
    }

    [Fact]
    public void A_blocked_task_says_which_dependency_it_waits_for()
    {
        var open = Create();
        var task = Create(open);

        var reasons = NotReady(When(new ClaimTask(task, By(Ada), Lease)).Reply);

        Assert.Equal([(ReasonCode.DependencyOpen, (TaskId?)open)], reasons.Select(reason => (reason.Code, reason.Task)));
    }

    [Fact]
    public void A_failed_and_a_cancelled_dependency_never_unblock_and_say_so()
    {
        var failed = Create();
        var cancelled = Create();
        var task = Create(failed, cancelled);
        Fail(failed, Claim(failed, Ada), retryable: false);
        When(new CancelTask(cancelled, null));

        var reasons = NotReady(When(new ClaimTask(task, By(Ada), Lease)).Reply);

        Assert.Equal([ReasonCode.DependencyFailed, ReasonCode.DependencyCancelled], reasons.Select(reason => reason.Code));
        Assert.Equal(WorkStatus.Blocked, Read(task).Status);
    }

    [Fact]
    public void A_task_that_has_ended_is_loaded_and_refused()
    {
        var task = Create();
        Complete(task, Claim(task, Ada));

        var reasons = NotReady(When(new ClaimTask(task, By(Grace), Lease)).Reply);

        Assert.Equal(1, Loads);
        Assert.Equal(ReasonCode.Finished, Assert.Single(reasons).Code);
    }

    [Fact]
    public void A_task_for_manual_assignment_can_be_claimed_by_id()
    {
        var task = Create(spec => spec with { ManualAssignment = true });

        Assert.Equal(Token(1), Claim(task, Ada));
    }

    [Fact]
    public void An_agent_that_lacks_a_capability_hears_which()
    {
        var task = Create(spec => spec with { RequiredCapabilities = ["sql", "ui"] });

        var reasons = NotReady(When(new ClaimTask(task, By(Ada, 5, "sql"), Lease)).Reply);

        Assert.Equal((ReasonCode.MissingCapability, (ValueList<string>)["ui"]), (reasons[0].Code, reasons[0].Missing));
        Assert.IsType<ClaimReply.Granted>(When(new ClaimTask(task, By(Ada, 5, "sql", "ui"), Lease)).Reply);
    }

    [Fact]
    public void An_unregistered_agent_has_no_capabilities_unless_it_says_so()
    {
        var task = Create(spec => spec with { RequiredCapabilities = ["sql"] });

        Assert.IsType<ClaimReply.Refused>(When(new ClaimTask(task, By(Ada), Lease)).Reply);
        Assert.IsType<ClaimReply.Granted>(When(new ClaimTask(task, By(Ada, null, "sql"), Lease)).Reply);
    }

    // Broken on purpose: "> MaxConcurrent" in Reasons.AtCapacity lets a third claim through.
    [Fact]
    public void A_registered_agent_holds_at_most_its_max_concurrent()
    {
        TaskId[] tasks = [Create(), Create(), Create()];
        When(new ClaimTask(tasks[0], By(Ada, 2), Lease));
        When(new ClaimTask(tasks[1], By(Ada, 2), Lease));

        var reasons = NotReady(When(new ClaimTask(tasks[2], By(Ada, 2), Lease)).Reply);

        Assert.Equal(ReasonCode.MaxConcurrent, Assert.Single(reasons).Code);
        Assert.IsType<ClaimReply.Granted>(When(new ClaimTask(tasks[2], By(Grace, 2), Lease)).Reply);
    }

    [Fact]
    public void An_unregistered_agent_has_no_bound()
    {
        for (var i = 0; i < 20; i++)
        {
            Claim(Create(), Ada);
        }

        Assert.Equal(20, Rows.Values.Count(row => row.Key.Table == "task" && row.Columns[7].Text == "ada"));
    }

    [Fact]
    public void A_registered_agents_first_claim_asks_its_actor_to_tell_when_it_is_gone()
    {
        TaskId[] tasks = [Create(), Create()];

        var (_, first) = When(new ClaimTask(tasks[0], By(Ada, 5), Lease));
        var (_, second) = When(new ClaimTask(tasks[1], By(Ada, 5), Lease));

        Assert.Equal([new Message(Kinds.AgentOf(Ada), new AgentCommand.WatchAgent("apollo"))], first.Messages);
        Assert.Equal([new AgentMet(Ada, new(5, []))], first.Soft);
        Assert.Empty(second.Messages);
        Assert.Empty(second.Soft);
    }

    [Fact]
    public void Tokens_only_grow_also_over_a_recovery_and_a_restore()
    {
        TaskId[] tasks = [Create(), Create(), Create()];
        var first = Claim(tasks[0], Ada);
        Recover();
        var second = Claim(tasks[1], Ada);
        Generation = 3;
        var third = Claim(tasks[2], Ada);

        Assert.True(first.Value < second.Value, $"{first} then {second}");
        Assert.Equal((3L << 40) + 1, third.Value);
        ExpectAllAlike();
    }

    private static ValueList<Reason> NotReady(ClaimReply reply) =>
        Assert.IsType<TaskRefusal.NotReady>(Assert.IsType<ClaimReply.Refused>(reply).Why).Reasons;
}
