using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>What a completion is held against: criteria, evidence, a reviewer.</summary>
public sealed class ReviewTaskTests : TaskRegistrySpec
{
    public static TheoryData<CriterionAnswer[], string[], ShortfallCode[]> Incomplete => new()
    {
        { [], [], [ShortfallCode.CriterionUnanswered, ShortfallCode.CriterionUnanswered, ShortfallCode.EvidenceMissing, ShortfallCode.EvidenceMissing] },
        { [new(0, true)], ["files", "report"], [ShortfallCode.CriterionUnanswered] },
        { [new(0, true), new(1, false)], ["files", "report"], [ShortfallCode.CriterionUnmet] },
        { [new(0, true), new(1, true), new(1, true)], ["files", "report"], [ShortfallCode.CriterionRepeated] },
        { [new(0, true), new(1, true), new(2, true)], ["files", "report"], [ShortfallCode.CriterionUnknown] },
        { [new(0, true), new(1, true)], ["files"], [ShortfallCode.EvidenceMissing] },
        { [new(0, true), new(1, true)], ["report"], [ShortfallCode.EvidenceMissing] },
    };

    // Broken on purpose: Checks.Of that counts an answer with Met = false; Refuse that leaves the checks out.
    [Theory]
    [MemberData(nameof(Incomplete))]
    public void A_completion_that_lacks_something_is_rejected_with_all_reasons_and_keeps_the_claim(
        CriterionAnswer[] criteria, string[] evidence, ShortfallCode[] codes)
    {
        var task = Strict();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new CompleteTask(task, token, "Done.", Bring(evidence), ValueList.Of<CriterionAnswer>(criteria), null, null));

        var rejected = Assert.IsType<TaskRefusal.CompletionRejected>(Assert.IsType<CompleteReply.Refused>(reply).Why);
        Assert.Equal(codes, rejected.Reasons.Select(reason => reason.Code));
        Assert.Empty(turn.Events);
        Assert.IsType<TimerChange.Arm>(Assert.Single(turn.Timers));
        Assert.Equal((WorkStatus.Running, token), (Read(task).Status, Read(task).Claim!.Token));
    }

    [Fact]
    public void A_completion_with_all_that_is_asked_for_completes_also_after_a_recovery()
    {
        var task = Strict();
        var token = Claim(task, Ada);
        Recover();

        Assert.IsType<CompleteReply.Refused>(When(new CompleteTask(task, token, "Done.", null, [], null, null)).Reply);
        Assert.IsType<CompleteReply.Completed>(When(
            new CompleteTask(task, token, "Done.", Bring("files", "report"), [new(1, true), new(0, true)], null, null)).Reply);
        Assert.Equal(0, Loads);
        Assert.Equal(WorkStatus.Completed, Read(task).Status);
        ExpectAllAlike();
    }

    [Fact]
    public void Work_that_is_handed_in_stays_its_holders_and_its_lease_waits_for_the_reviewer()
    {
        var task = Reviewed();
        var token = Claim(task, Ada);

        var (reply, turn) = When(new CompleteTask(task, token, "Done.", null, [], Examples.Cost, null));

        var running = Assert.IsType<CompleteReply.Completed>(reply).Task;
        Outcome submitted = new(Now, "Done.");
        Assert.Equal(
            (WorkStatus.Running, token, true, new Review(Grace, ReviewState.Pending, Now, Submitted: submitted), Examples.Cost),
            (running.Status, running.Claim!.Token, running.Claim.IsPaused, running.Review, running.Cost));
        Assert.Null(running.Outcome);
        Assert.Equal(
            [new TaskProgressed(task, token, Now, Cost: Examples.Cost), new CompletionSubmitted(task, token, Grace, submitted, Now)],
            turn.Events);
        Assert.Equal([new TimerChange.Cancel(LeaseOf(task))], turn.Timers);
        Assert.Empty(TaskRegistryBehavior.Timers(Recovered()));
        ExpectAllAlike();
    }

    [Fact]
    public void An_accepted_completion_completes_the_task_and_frees_its_dependants()
    {
        var task = Reviewed();
        var dependant = Create(task);
        var token = HandIn(task);
        Pass(TimeSpan.FromHours(1));

        var (reply, turn) = When(new ReviewTask(task, Grace, true, []));

        var completed = Assert.IsType<TaskReply.Found>(reply).Task;
        Outcome outcome = new(Now, "Done.", AcceptedBy: Grace);
        Assert.Equal((WorkStatus.Completed, null, outcome, ReviewState.Accepted), (completed.Status, completed.Claim, completed.Outcome, completed.Review!.State));
        Assert.Equal([new TaskCompleted(task, token, outcome)], turn.Events);
        Assert.Equal(WorkStatus.Pending, Read(dependant).Status);
        ExpectAllAlike();
    }

    [Fact]
    public void A_returned_completion_goes_back_to_its_holder_with_the_reasons_and_a_lease_in_full()
    {
        var task = Reviewed();
        var token = HandIn(task);

        var (reply, turn) = When(new ReviewTask(task, Grace, false, ["No tests."]));

        var running = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal((WorkStatus.Running, token, false), (running.Status, running.Claim!.Token, running.Claim.IsPaused));
        Assert.Equal(new Review(Grace, ReviewState.Returned, Now, ["No tests."]), running.Review);
        Assert.Equal([new CompletionReturned(task, token, Grace, Now, ["No tests."])], turn.Events);
        Assert.Equal(TimeSpan.FromSeconds(Lease), Assert.IsType<TimerChange.Arm>(Assert.Single(turn.Timers)).After);
        Complete(task, token);
        Assert.Equal(ReviewState.Pending, Read(task).Review!.State);
        ExpectAllAlike();
    }

    // Broken on purpose: Decide(ReviewTask) that does not compare the reviewer lets the holder accept its own work.
    [Fact]
    public void Only_the_reviewer_decides_and_only_while_a_review_is_pending()
    {
        var task = Reviewed();
        Assert.IsType<TaskRefusal.InvalidTransition>(Refusal(new ReviewTask(task, Grace, true, [])));
        HandIn(task);

        Assert.Equal(new TaskRefusal.NotReviewer(Grace, Ada), Refusal(new ReviewTask(task, Ada, true, [])));
        When(new ReviewTask(task, Grace, true, []));
        Assert.IsType<TaskRefusal.InvalidTransition>(Refusal(new ReviewTask(task, Grace, false, [])));
        Assert.Equal(WorkStatus.Completed, Read(task).Status);
    }

    [Fact]
    public void Work_that_waits_for_its_review_is_not_handed_in_twice_and_not_parked()
    {
        var task = Reviewed();
        var token = HandIn(task);

        var again = Assert.IsType<CompleteReply.Refused>(When(new CompleteTask(task, token, "Better.", null, [], null, null)).Reply);
        Assert.Equal(ShortfallCode.ReviewPending, Assert.IsType<TaskRefusal.CompletionRejected>(again.Why).Reasons[0].Code);
        Assert.IsType<TaskRefusal.InvalidTransition>(Refusal(new RequireInput(task, token, "Well?")));
    }

    [Fact]
    public void The_next_task_is_claimed_beside_one_in_review_which_counts_for_the_bound()
    {
        TaskId first = Reviewed(), second = Reviewed(), third = Create();
        When(new ClaimTask(first, By(Ada, 2), Lease));

        var one = Assert.IsType<CompleteReply.Completed>(When(new CompleteTask(first, Token(1), "s", null, [], null, new(new(2, []), null, 60))).Reply);
        Assert.Equal(second, one.Next!.Id);
        var two = Assert.IsType<CompleteReply.Completed>(When(new CompleteTask(second, one.Next.Claim!.Token, "s", null, [], null, new(new(2, []), null, 60))).Reply);
        Assert.Null(two.Next);
        Assert.Equal(third, ClaimNext(By(Ada, 3)));
        ExpectAllAlike();
    }

    [Fact]
    public void A_holder_that_is_gone_loses_nothing_that_it_has_handed_in()
    {
        TaskId task = Reviewed(), other = Create();
        HandIn(task);
        Claim(other, Ada);

        WhenTold(new FreeAgent(Ada, State.LastToken));

        Assert.Equal((ReviewState.Pending, WorkStatus.Pending), (Read(task).Review!.State, Read(other).Status));
        When(new ReviewTask(task, Grace, true, []));
        Assert.Equal(WorkStatus.Completed, Read(task).Status);
    }

    [Fact]
    public void Giving_a_claim_back_takes_back_what_was_handed_in()
    {
        var task = Reviewed();
        var token = HandIn(task);

        When(new ReleaseTask(task, token, "Not done after all."));

        Assert.Equal((WorkStatus.Pending, null), (Read(task).Status, Read(task).Review));
        Assert.IsType<TaskRefusal.InvalidTransition>(Refusal(new ReviewTask(task, Grace, true, [])));
        ExpectAllAlike();
    }

    [Fact]
    public void A_pending_review_goes_to_another_reviewer_but_not_to_nobody()
    {
        var task = Reviewed();
        HandIn(task);

        Assert.IsType<TaskRefusal.Invalid>(Refusal(new EditTask(task, new() { Cleared = TaskFields.Reviewer }, null, null, null)));
        When(new EditTask(task, new() { Reviewer = new("edsger") }, null, null, null));

        Assert.Equal(new TaskRefusal.NotReviewer(new("edsger"), Grace), Refusal(new ReviewTask(task, Grace, true, [])));
        Assert.IsType<TaskReply.Found>(When(new ReviewTask(task, new("edsger"), true, [])).Reply);
        ExpectAllAlike();
    }

    private static Evidence? Bring(params string[] names) => names.Length == 0 ? null : new()
    {
        Files = names.Contains("files") ? ["a.cs"] : [],
        Metadata = names.Contains("report") ? new("{\"report\":{\"passed\":3}}") : null,
    };

    private TaskId Strict() => Create(spec => spec with
    {
        Detail = new() { AcceptanceCriteria = ["It parses", "It is fast"], RequiredEvidence = ["files", "report"] },
    });

    private TaskId Reviewed() => Create(spec => spec with { Detail = new() { Reviewer = Grace } });

    private FencingToken HandIn(TaskId task)
    {
        var token = Claim(task, Ada);
        Complete(task, token);
        return token;
    }

    private TaskRefusal Refusal(ICommand<TaskReply> command) => Assert.IsType<TaskReply.Refused>(When(command).Reply).Why;
}
