using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class ReportProgressTests : TaskRegistrySpec
{
    [Fact]
    public void A_sign_of_life_renews_the_lease_and_writes_nothing()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Pass(TimeSpan.FromMinutes(5));

        var (reply, turn) = When(new ReportProgress(task, token, null, null, null));

        Assert.Equal(new ProgressReply.Noted(Now.AddSeconds(Lease), CancelRequested: false), reply);
        Assert.Empty(turn.Events);
        Assert.Equal([new ClaimRenewed(task, token, Now)], turn.Soft);
        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.FromSeconds(Lease), new LapseClaim(task, token, 1, 0))], turn.Timers);
        Assert.Equal(Now.AddSeconds(Lease), Read(task).Claim!.LeaseExpiresAt);
    }

    [Fact]
    public void What_is_worth_keeping_is_kept_and_costs_add_up()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new ReportProgress(task, token, 10, null, Examples.Cost));
        Pass(TimeSpan.FromMinutes(5));

        var (_, turn) = When(new ReportProgress(task, token, 40, "Halfway, almost", Examples.Cost));

        Assert.Equal([new TaskProgressed(task, token, Now, 40, "Halfway, almost", Examples.Cost)], turn.Events);
        var view = Read(task);
        Assert.Equal((40, 2_400L, 0.50m, 14L), (view.Percent, view.Cost.ActualTokens, view.Cost.ActualUsd, view.Cost.LlmCalls));
        Assert.True(view.HasDetail);
        ExpectAllAlike();
    }

    [Fact]
    public void A_note_is_added_to_those_on_disk_and_the_last_two_hundred_stay()
    {
        var task = Create(spec => spec with { Detail = Examples.Spec.Detail });
        var token = Claim(task, Ada);
        for (var i = 0; i < 205; i++)
        {
            When(new ReportProgress(task, token, null, $"note <{i}>", null));
            Assert.Equal(1, Loads);
        }

        var detail = Encoding.UTF8.GetString(Rows[new("task_detail", task.Value)].Payload.Span);
        Assert.Contains("Reads what was written", detail, StringComparison.Ordinal);
        Assert.Contains(@"note \u003C204\u003E", detail, StringComparison.Ordinal);
        Assert.Contains(@"note \u003C5\u003E", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(@"note \u003C4\u003E", detail, StringComparison.Ordinal);
        ExpectAllAlike();
    }

    [Fact]
    public void An_older_token_is_superseded_and_hears_who_holds_the_task()
    {
        var task = Create();
        var old = Claim(task, Ada);
        When(new ReleaseTask(task, old, null));

        var free = When(new ReportProgress(task, old, 50, null, null));
        var current = Claim(task, Grace);
        var held = When(new ReportProgress(task, old, 50, null, null));

        Assert.Equal(new ProgressReply.Refused(new TaskRefusal.ClaimSuperseded(null, old)), free.Reply);
        Assert.Equal(new ProgressReply.Refused(new TaskRefusal.ClaimSuperseded(Grace, current)), held.Reply);
        Assert.Empty(held.Turn.Events);
        Assert.Empty(held.Turn.Soft);
        Assert.Empty(held.Turn.Timers);
    }

    [Fact]
    public void After_a_cancel_the_holder_hears_that_it_should_stop()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new CancelTask(task, "Not needed."));

        var (reply, turn) = When(new ReportProgress(task, token, 50, "still here", null));

        Assert.True(Assert.IsType<ProgressReply.Noted>(reply).CancelRequested);
        Assert.Empty(turn.Events);
        Assert.Empty(turn.Timers);
    }

    [Fact]
    public void A_token_from_before_the_cancelled_claim_is_superseded()
    {
        var task = Create();
        var old = Claim(task, Ada);
        When(new ReleaseTask(task, old, null));
        Claim(task, Grace);
        When(new CancelTask(task, null));

        Assert.IsType<TaskRefusal.ClaimSuperseded>(
            Assert.IsType<ProgressReply.Refused>(When(new ReportProgress(task, old, 50, null, null)).Reply).Why);
    }

    [Fact]
    public void After_a_completion_progress_is_an_invalid_transition()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Complete(task, token);

        Assert.Equal(
            new ProgressReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Completed, WorkStatus.Running)),
            When(new ReportProgress(task, token, 50, null, null)).Reply);
    }

    [Fact]
    public void An_unknown_task_is_not_found()
    {
        var unknown = NewId();

        Assert.Equal(
            new ProgressReply.Refused(new TaskRefusal.NotFound(unknown)),
            When(new ReportProgress(unknown, Token(1), null, null, null)).Reply);
    }
}
