using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class ExplainTaskTests : TaskRegistrySpec
{
    [Fact]
    public void A_ready_task_has_no_reasons()
    {
        var why = Why(Create(), By(Ada));

        Assert.Equal((true, true, 0, null), (why.IsReady, why.IsClaimable, why.Reasons.Count, why.Routed));
    }

    [Fact]
    public void Each_dependency_is_a_reason_of_its_own_kind()
    {
        TaskId open = Create(), failed = Create(), cancelled = Create(), done = Create();
        Fail(failed, Claim(failed, Ada), retryable: false);
        When(new CancelTask(cancelled, null));
        Complete(done, Claim(done, Ada));

        var why = Why(Create(open, failed, cancelled, done), By(Ada));

        Assert.Equal((false, false), (why.IsReady, why.IsClaimable));
        Assert.Equal(
            [(ReasonCode.DependencyOpen, open), (ReasonCode.DependencyFailed, failed), (ReasonCode.DependencyCancelled, cancelled)],
            why.Reasons.Select(reason => (reason.Code, reason.Task!.Value)));
    }

    [Fact]
    public void A_held_task_says_by_whom_and_until_when()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Pass(TimeSpan.FromSeconds(30));
        When(new ReportProgress(task, token, null, null, null));

        var reason = Assert.Single(Why(task, By(Grace)).Reasons);

        Assert.Equal((ReasonCode.Claimed, Ada, Now.AddSeconds(Lease)), (reason.Code, reason.Holder, reason.LeaseExpiresAt));
    }

    [Fact]
    public void A_parked_task_says_so_and_who_holds_it()
    {
        var task = Create();
        When(new RequireInput(task, Claim(task, Ada), "?"));

        Assert.Equal([ReasonCode.Claimed, ReasonCode.Parked], Why(task, By(Grace)).Reasons.Select(reason => reason.Code));
        Assert.Null(Why(task, By(Grace)).Reasons[0].LeaseExpiresAt);
    }

    [Fact]
    public void What_an_agent_lacks_is_a_reason_for_it_alone()
    {
        var task = Create(spec => spec with { RequiredCapabilities = ["sql", "ui"] });
        When(new ClaimTask(Create(), By(Ada, 1, "sql"), Lease));

        var why = Why(task, By(Ada, 1, "sql"));

        Assert.Equal((true, false), (why.IsReady, why.IsClaimable));
        Assert.Equal([ReasonCode.MissingCapability, ReasonCode.MaxConcurrent], why.Reasons.Select(reason => reason.Code));
        Assert.Equal(["ui"], why.Reasons[0].Missing);
        Assert.True(Why(task, by: null).IsClaimable);
    }

    // Broken on purpose: Explaining that counts manual assignment against a claim by name.
    [Fact]
    public void A_task_for_manual_assignment_is_not_in_the_queue_and_can_be_claimed_by_name()
    {
        var task = Create(spec => spec with { ManualAssignment = true });

        var why = Why(task, By(Ada));

        Assert.Equal((false, true), (why.IsReady, why.IsClaimable));
        Assert.Equal(ReasonCode.ManualAssignment, Assert.Single(why.Reasons).Code);
        Assert.Equal(Ada, Granted(When(new ClaimTask(task, By(Ada), Lease)).Reply).Claim!.Agent);
    }

    [Fact]
    public void What_has_ended_is_finished_and_an_unknown_task_is_not_found()
    {
        TaskId task = Create(), unknown = NewId();
        Complete(task, Claim(task, Ada));

        Assert.Equal(ReasonCode.Finished, Assert.Single(Why(task, By(Ada)).Reasons).Code);
        Assert.Equal(new WhyReply.Refused(new TaskRefusal.NotFound(unknown)), When(new ExplainTask(unknown, null)).Reply);
    }

    [Fact]
    public void Where_a_claim_went_is_explained_also_after_it_ended()
    {
        EpicId epic = Examples.Epic;
        TaskId first = Create(spec => spec with { EpicId = epic }), second = Create(spec => spec with { EpicId = epic, Priority = Priority.P1 });
        Create(second);
        Claim(first, Grace);
        var at = Now;

        Assert.Equal(second, ClaimNext(By(Ada)));
        Pass(TimeSpan.FromMinutes(1));
        var claim = Read(second).Claim!;
        Complete(second, claim.Token);
        Recover();

        Assert.Equal(new Routed(Ada, at, Priority.P1, Read(second).CreatedAt, new(1, 1)), Why(second, By(Ada)).Routed);
        Assert.Equal((Grace, null), (Why(first, By(Ada)).Routed!.Agent, Why(first, By(Ada)).Routed!.Best));
        ExpectAllAlike();
    }

    [Fact]
    public void A_task_that_used_up_its_attempts_has_failed_and_a_human_is_told()
    {
        var task = Create(spec => spec with { MaxAttempts = 1 });
        var token = Claim(task, Ada);

        var (_, turn) = When(new ReleaseTask(task, token, null));

        Assert.Equal(new TaskRegistryEvent.Escalated(task, 1, Now), turn.Events[^1]);
        Assert.Equal(WorkStatus.Failed, Read(task).Status);
        ExpectAllAlike();
    }

    private WhyReply.Explained Why(TaskId task, Claimant? by) =>
        Assert.IsType<WhyReply.Explained>(When(new ExplainTask(task, by)).Reply);
}
