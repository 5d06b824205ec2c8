using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry.Epics;

/// <summary>A spent budget pauses new claims under its epic; it kills nothing.</summary>
public sealed class BudgetTests : TaskRegistrySpec
{
    // Broken on purpose: "> Tokens" in Budget.IsSpentBy; Enter of a paused group that ranks it.
    [Fact]
    public void A_spent_budget_pauses_claims_and_is_told_once()
    {
        var epic = CreateEpic(spec => spec with { Budget = new(Tokens: 100) });
        var (running, waiting) = (CreateIn(epic), CreateIn(epic));
        var token = Claim(running, Ada);
        Assert.Empty(When(new ReportProgress(running, token, null, null, Tokens(99))).Turn.Events.OfType<EpicBudgetExhausted>());

        var turn = When(new ReportProgress(running, token, null, null, Tokens(1))).Turn;

        Assert.Equal(new EpicBudgetExhausted(epic, new(Tokens: 100), Tokens(100), Now), turn.Events[^1]);
        Assert.Null(ClaimNext(By(Grace)));
        Assert.Equal([ReasonCode.BudgetExhausted], Refused(waiting).Select(reason => reason.Code));
        Assert.Equal(0, When(new ListAvailable(null, 10, 0)).Reply.Total);
        Assert.Single(When(new ReportProgress(running, token, null, null, Tokens(5))).Turn.Events); // goes on, and nothing is told again
        Complete(running, token);
        ExpectAllAlike();
    }

    [Fact]
    public void Dollars_are_a_budget_too()
    {
        var epic = CreateEpic(spec => spec with { Budget = new(1_000_000, 0.30m) });
        var task = CreateIn(epic);
        CreateIn(epic);
        var token = Claim(task, Ada);

        When(new ReportProgress(task, token, null, null, new() { ActualUsd = 0.30m }));

        Assert.True(ReadEpic(epic).BudgetExhausted);
        Assert.Null(ClaimNext(By(Grace)));
    }

    [Fact]
    public void A_pause_outlives_a_recovery()
    {
        var epic = CreateEpic(spec => spec with { Budget = new(Tokens: 1) });
        var task = CreateIn(epic);
        CreateIn(epic);
        When(new ReportProgress(task, Claim(task, Ada), null, null, Tokens(1)));

        Recover();

        Assert.Null(ClaimNext(By(Grace)));
        Assert.Equal(0, When(new ListAvailable(null, 10, 0)).Reply.Total);
    }

    [Fact]
    public void A_larger_budget_lets_it_go_on()
    {
        var epic = CreateEpic(spec => spec with { Budget = new(Tokens: 1) });
        var (task, waiting) = (CreateIn(epic), CreateIn(epic));
        When(new ReportProgress(task, Claim(task, Ada), null, null, Tokens(5)));

        When(new ChangeEpic(epic, new() { Budget = new(new Budget(Tokens: 6)) }, null));

        Assert.Equal(1, When(new ListAvailable(null, 10, 0)).Reply.Total);
        Assert.Equal(waiting, ClaimNext(By(Grace)));
    }

    [Fact]
    public void A_budget_made_smaller_than_what_was_spent_pauses_and_is_told()
    {
        var epic = CreateEpic();
        var (task, _) = (CreateIn(epic), CreateIn(epic));
        When(new ReportProgress(task, Claim(task, Ada), null, null, Tokens(5)));

        var turn = When(new ChangeEpic(epic, new() { Budget = new(new Budget(Tokens: 5)) }, null)).Turn;

        Assert.IsType<EpicBudgetExhausted>(turn.Events[^1]);
        Assert.Null(ClaimNext(By(Grace)));
        When(new ChangeEpic(epic, new() { Budget = new(null) }, null));
        Assert.NotNull(ClaimNext(By(Grace)));
    }

    // Broken on purpose: "spent" left out of BestAfter, then out of its dependants, then BestWithout that stops at the first group.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_completion_that_spends_the_last_of_a_budget_claims_next_elsewhere(bool isDependant)
    {
        var epic = CreateEpic(spec => spec with { Budget = new(Tokens: 10) });
        var task = Create(spec => spec with { EpicId = epic, Priority = Priority.P0 });
        Create(spec => spec with { EpicId = epic, Priority = Priority.P1 }, isDependant ? [task] : []);
        var elsewhere = Create(spec => spec with { Priority = Priority.P1 });
        var token = Claim(task, Ada);

        var reply = When(new CompleteTask(task, token, null, null, [], Tokens(10), new(null, null, Lease))).Reply;

        Assert.Equal(elsewhere, Assert.IsType<CompleteReply.Completed>(reply).Next?.Id);
    }

    [Fact]
    public void A_completion_does_not_claim_a_dependant_of_a_paused_epic()
    {
        var epic = CreateEpic(spec => spec with { Budget = new(Tokens: 0) });
        var task = Create();
        CreateIn(epic, task);

        var reply = When(new CompleteTask(task, Claim(task, Ada), null, null, [], null, new(null, null, Lease))).Reply;

        Assert.Null(Assert.IsType<CompleteReply.Completed>(reply).Next);
    }

    private static Cost Tokens(long tokens) => new() { ActualTokens = tokens };

    private ValueList<Reason> Refused(TaskId task) => Assert.IsType<TaskRefusal.NotReady>(
        Assert.IsType<ClaimReply.Refused>(When(new ClaimTask(task, By(Grace), Lease)).Reply).Why).Reasons;
}
