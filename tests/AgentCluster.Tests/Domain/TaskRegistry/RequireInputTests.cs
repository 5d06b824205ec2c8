using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class RequireInputTests : TaskRegistrySpec
{
    [Fact]
    public void A_question_parks_the_task_and_keeps_claim_and_token_while_the_lease_waits()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new RequireInput(task, token, "Which one?"));

        var parked = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.InputRequired, Ada, token, true), (parked.Status, parked.Claim!.Agent, parked.Claim.Token, parked.Claim.IsPaused));
        Assert.Equal(new Inquiry("Which one?", Now), parked.Inquiry);
        Assert.Equal([new InputRequired(task, token, "Which one?", Now)], turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(task))], turn.Timers);
        Assert.Empty(TaskRegistryBehavior.Timers(Recovered()));
        ExpectAllAlike();
    }

    [Fact]
    public void The_answer_sends_the_holder_on_with_a_lease_in_full()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new RequireInput(task, token, "Which one?"));
        Pass(TimeSpan.FromDays(3));

        var (reply, turn) = When(new AnswerInput(task, "The other.", Grace));

        var running = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.Running, token, Now.AddSeconds(Lease), false), (running.Status, running.Claim!.Token, running.Claim.LeaseExpiresAt, running.Claim.IsPaused));
        Assert.Equal(("Which one?", "The other.", Grace), (running.Inquiry!.Question, running.Inquiry.Answer, running.Inquiry.AnsweredBy));
        Assert.Equal(TimeSpan.FromSeconds(Lease), Assert.IsType<TimerChange.Arm>(Assert.Single(turn.Timers)).After);
        Complete(task, token);
        ExpectAllAlike();
    }

    // Broken on purpose: Lapsing.Meant that does not look whether the lease is paused ends the claim of a parked task.
    [Fact]
    public void A_parked_claim_does_not_lapse_and_an_old_timer_ends_nothing_after_the_answer()
    {
        var task = Create();
        var token = Claim(task, Ada);
        WhenTold(new LapseClaim(task, token, 0, 0));
        When(new RequireInput(task, token, "Which one?"));

        Assert.Empty(WhenTold(new LapseClaim(task, token, 1, 0)).Messages);
        Assert.Empty(WhenTold(new TakeSignAge(task, token, Uptime.Ticks, TimeSpan.FromDays(1))).Events);
        When(new AnswerInput(task, "The other.", null));
        Assert.Empty(WhenTold(new LapseClaim(task, token, 0, 0)).Messages);
        Assert.Equal(WorkStatus.Running, Read(task).Status);
    }

    [Fact]
    public void Progress_while_it_waits_is_noted_and_does_not_start_the_lease()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new RequireInput(task, token, "Which one?"));

        var (reply, turn) = When(new ReportProgress(task, token, 50, "meanwhile", Examples.Cost));

        Assert.IsType<ProgressReply.Noted>(reply);
        Assert.Empty(turn.Timers);
        Assert.Equal((WorkStatus.InputRequired, 50), (Read(task).Status, Read(task).Percent));
        ExpectAllAlike();
    }

    [Fact]
    public void A_parked_task_is_neither_completed_nor_parked_again_nor_claimed_by_another()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new RequireInput(task, token, "Which one?"));

        var completed = Assert.IsType<CompleteReply.Refused>(When(new CompleteTask(task, token, "s", null, [], null, null)).Reply);
        Assert.Equal((WorkStatus.InputRequired, WorkStatus.Completed), Ends(completed.Why));
        var parked = Assert.IsType<TaskReply.Refused>(When(new RequireInput(task, token, "And?")).Reply);
        Assert.Equal((WorkStatus.InputRequired, WorkStatus.InputRequired), Ends(parked.Why));
        var claimed = Assert.IsType<ClaimReply.Refused>(When(new ClaimTask(task, By(Grace), Lease)).Reply);
        Assert.Equal(Ada, Assert.IsType<TaskRefusal.AlreadyClaimed>(claimed.Why).Holder);
        Assert.Null(ClaimNext(By(Grace)));
    }

    [Fact]
    public void A_parked_task_can_be_given_back_or_called_off()
    {
        TaskId back = Create(), off = Create();
        FencingToken first = Claim(back, Ada), second = Claim(off, Ada);
        When(new RequireInput(back, first, "?"));
        When(new RequireInput(off, second, "?"));

        When(new ReleaseTask(back, first, "never mind"));
        When(new CancelTask(off, null));

        Assert.Equal((WorkStatus.Pending, 1), (Read(back).Status, Read(back).Attempt));
        Assert.Equal(WorkStatus.Cancelled, Read(off).Status);
        Assert.True(Assert.IsType<ProgressReply.Noted>(When(new ReportProgress(off, second, null, null, null)).Reply).CancelRequested);
        ExpectAllAlike();
    }

    [Fact]
    public void When_its_holder_is_gone_it_waits_on_and_the_answer_frees_it()
    {
        var task = Create();
        When(new RequireInput(task, Claim(task, Ada), "Which one?"));

        WhenTold(new FreeAgent(Ada, State.LastToken));

        Assert.Equal((WorkStatus.InputRequired, null, 1), (Read(task).Status, Read(task).Claim, Read(task).Attempt));
        var (reply, turn) = When(new AnswerInput(task, "The other.", null));
        Assert.Equal((WorkStatus.Pending, "The other."), (Assert.IsType<TaskReply.Found>(reply).Task.Status, Read(task).Inquiry!.Answer));
        Assert.Empty(turn.Timers);
        Assert.Equal(task, ClaimNext(By(Grace)));
        ExpectAllAlike();
    }

    [Fact]
    public void Only_the_holder_parks_and_only_what_waits_is_answered()
    {
        var task = Create();
        var token = Claim(task, Ada);

        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.ClaimSuperseded(Ada, token)), When(new RequireInput(task, Token(99), "?")).Reply);
        var refused = Assert.IsType<TaskReply.Refused>(When(new AnswerInput(task, "!", null)).Reply);
        Assert.Equal((WorkStatus.Running, WorkStatus.Running), Ends(refused.Why));
        var unknown = NewId();
        Assert.Equal(new TaskReply.Refused(new TaskRefusal.NotFound(unknown)), When(new AnswerInput(unknown, "!", null)).Reply);
    }

    private static (WorkStatus From, WorkStatus To) Ends(TaskRefusal why)
    {
        var refused = Assert.IsType<TaskRefusal.InvalidTransition>(why);
        return (refused.From, refused.To);
    }
}
