using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class LapseClaimTests : TaskRegistrySpec
{
    [Fact]
    public void When_a_lease_is_due_the_agent_is_asked_for_its_last_sign_and_nothing_is_written()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Pass(TimeSpan.FromSeconds(Lease));

        var turn = WhenTold(new LapseClaim(task, token, 0, 0));

        Assert.Equal(
            [new Message(Kinds.AgentOf(Ada), new AgentCommand.AskSign("apollo", task, token, Uptime.Ticks))], turn.Messages);
        Assert.Equal([new SignAsked(task, token, Uptime.Ticks)], turn.Soft);
        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.FromSeconds(30), new LapseClaim(task, token, 0, 1))], turn.Timers);
        Assert.Empty(turn.Events);
    }

    [Fact]
    public void Without_an_answer_the_question_is_repeated_ever_more_patiently_and_the_claim_stays()
    {
        var task = Create();
        var token = Claim(task, Ada);
        List<double> waits = [];
        for (var asked = 0; asked < 12; asked++)
        {
            var turn = WhenTold(new LapseClaim(task, token, 0, asked));
            waits.Add(((TimerChange.Arm)turn.Timers[0]).After.TotalSeconds);
        }

        Assert.Equal([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600], waits);
        Assert.Equal(WorkStatus.Running, Read(task).Status);
    }

    [Fact]
    public void A_silent_holder_loses_the_claim_and_the_task_is_pending_again()
    {
        var task = Create();
        var token = Claim(task, Ada);
        var question = Ask(task, token);

        var turn = WhenTold(new TakeSignAge(task, token, question, TimeSpan.FromSeconds(Lease)));

        var ended = Assert.IsType<ClaimEnded>(Assert.Single(turn.Events));
        Assert.Equal((token, ClaimEnd.Lapsed), (ended.Token, ended.Cause));
        Assert.Equal((WorkStatus.Pending, 1), (Read(task).Status, Read(task).Attempt));
        Assert.Equal(task, ClaimNext(By(Grace)));
        ExpectAllAlike();
    }

    [Fact]
    public void The_lapse_of_the_last_attempt_fails_the_task()
    {
        var task = Create(spec => spec with { MaxAttempts = 1 });
        var token = Claim(task, Ada);

        WhenTold(new TakeSignAge(task, token, Ask(task, token), TimeSpan.FromSeconds(Lease)));

        Assert.Equal(WorkStatus.Failed, Read(task).Status);
    }

    [Fact]
    public void A_younger_sign_renews_softly_for_the_rest_of_the_lease()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Pass(TimeSpan.FromSeconds(Lease));

        var turn = WhenTold(new TakeSignAge(task, token, Ask(task, token), TimeSpan.FromSeconds(100)));

        Assert.Empty(turn.Events);
        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.FromSeconds(Lease - 100), new LapseClaim(task, token, 1, 0))],
            turn.Timers);
        Assert.Equal(Now.AddSeconds(Lease - 100), Read(task).Claim!.LeaseExpiresAt);
    }

    // Broken on purpose: Lapsing without its look at the renewal asks about a claim that was renewed while the timer fired.
    [Fact]
    public void A_timer_that_fires_after_a_renewal_is_passed_over()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new ReportProgress(task, token, null, null, null));

        var turn = WhenTold(new LapseClaim(task, token, 0, 0));

        Assert.Empty(turn.Messages);
        Assert.Empty(turn.Timers);
    }

    // Broken on purpose: a claim that keeps the renewals of the one before it passes its own timer over for ever.
    [Fact]
    public void A_claim_lapses_also_when_the_one_before_it_was_renewed()
    {
        var task = Create();
        var renewed = Claim(task, Ada);
        When(new ReportProgress(task, renewed, null, null, null));
        When(new ReleaseTask(task, renewed, null));
        var (_, claim) = When(new ClaimTask(task, By(Grace), Lease));

        Assert.Single(WhenTold((TaskRegistryCommand)((TimerChange.Arm)claim.Timers[0]).Command).Messages);
    }

    // Broken on purpose: Lapsing.Meant without the token ends the next holder's claim.
    [Fact]
    public void A_late_lapse_leaves_the_next_claim_alone()
    {
        var task = Create();
        var old = Claim(task, Ada);
        var question = Ask(task, old);
        When(new ReleaseTask(task, old, null));
        var current = Claim(task, Grace);

        Assert.Empty(WhenTold(new LapseClaim(task, old, 0, 0)).Messages);
        Assert.Empty(WhenTold(new TakeSignAge(task, old, question, TimeSpan.FromDays(1))).Events);
        Assert.Equal(current, Read(task).Claim!.Token);
    }

    [Fact]
    public void An_answer_to_an_older_question_is_passed_over()
    {
        var task = Create();
        var token = Claim(task, Ada);
        var question = Ask(task, token);
        When(new ReportProgress(task, token, null, null, null));

        Assert.Empty(WhenTold(new TakeSignAge(task, token, question, TimeSpan.FromDays(1))).Events);
    }

    // Broken on purpose: a question that survives the recovery lets an answer from before it end the claim early.
    [Fact]
    public void After_a_recovery_each_lease_starts_in_full_and_an_answer_from_before_is_passed_over()
    {
        var task = Create();
        var token = Claim(task, Ada);
        var question = Ask(task, token);
        Recover();

        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.FromSeconds(Lease), new LapseClaim(task, token, 0, 0))],
            TaskRegistryBehavior.Timers(State));
        Assert.Empty(WhenTold(new TakeSignAge(task, token, question, TimeSpan.FromDays(1))).Events);
    }

    // Broken on purpose: Lookup.Refuse and Lapsing that do not look at the generation.
    [Fact]
    public void A_claim_that_a_restore_brought_back_is_no_right_to_anything_and_lapses_at_once()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Generation = 2;
        Recover();

        Assert.Equal(
            [new TimerChange.Arm(LeaseOf(task), TimeSpan.Zero, new LapseClaim(task, token, 0, 0))],
            TaskRegistryBehavior.Superseded(State, Generation));
        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.ClaimSuperseded(Ada, token)), When(new ReleaseTask(task, token, null)).Reply);
        var turn = WhenTold(new LapseClaim(task, token, 0, 0));

        Assert.Equal(ClaimEnd.Lapsed, Assert.IsType<ClaimEnded>(Assert.Single(turn.Events)).Cause);
        Assert.Empty(turn.Messages);
        var next = Claim(task, Grace);
        Assert.Equal(2, next.Generation);
        Assert.Empty(TaskRegistryBehavior.Superseded(State, Generation));
        Complete(task, next);
        ExpectAllAlike();
    }

    [Fact]
    public void A_parked_claim_that_a_restore_brought_back_lapses_when_it_is_answered()
    {
        var task = Create();
        var token = Claim(task, Ada);
        When(new RequireInput(task, token, "Which one?"));
        Generation = 2;
        Recover();
        Assert.Empty(TaskRegistryBehavior.Superseded(State, Generation));

        var turn = When(new AnswerInput(task, "The other.", Grace)).Turn;

        Assert.Equal(TimeSpan.Zero, Assert.IsType<TimerChange.Arm>(Assert.Single(turn.Timers)).After);
    }

    [Fact]
    public void A_lapse_of_a_task_that_has_ended_is_passed_over()
    {
        var task = Create();
        var token = Claim(task, Ada);
        Complete(task, token);

        Assert.Empty(WhenTold(new LapseClaim(task, token, 0, 0)).Messages);
    }

    [Fact]
    public void An_agent_that_is_gone_loses_all_its_claims_and_nobody_else_does()
    {
        TaskId[] tasks = [Create(), Create(), Create(spec => spec with { MaxAttempts = 1 }), Create()];
        Claim(tasks[0], Ada);
        Claim(tasks[1], Ada);
        Claim(tasks[2], Ada);
        Claim(tasks[3], Grace);

        var turn = WhenTold(new FreeAgent(Ada, State.LastToken));

        Assert.Equal(
            [WorkStatus.Pending, WorkStatus.Pending, WorkStatus.Failed, WorkStatus.Running],
            tasks.Select(task => Read(task).Status));
        Assert.Equal([1, 1, 1, 0], tasks.Select(task => Read(task).Attempt));
        Assert.Equal(3, turn.Timers.Length);
        Assert.Empty(turn.Messages);
        Assert.Empty(WhenTold(new FreeAgent(Ada, State.LastToken)).Events);
        ExpectAllAlike();
    }

    // Seed 332 of the simulation: the word that an agent had left was overtaken by its next registration and claim.
    [Fact]
    public void The_word_that_an_agent_is_gone_frees_nothing_before_the_agent_actor_says_so_again()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var turn = WhenTold(new FreeAgent(Ada));

        Assert.Empty(turn.Events);
        Assert.Equal([new Message(Kinds.AgentOf(Ada), new AgentCommand.AskGone(State.Name, token))], turn.Messages);
        Assert.Empty(WhenTold(new FreeAgent(Grace)).Messages);
    }

    // Broken on purpose: not forgetting it; nobody watched the last claim.
    [Fact]
    public void An_agent_that_was_gone_is_watched_anew_from_its_next_claim_on()
    {
        TaskId[] tasks = [Create(), Create(), Create()];
        When(new ClaimTask(tasks[0], By(Ada, 5), Lease));
        var (_, known) = When(new ClaimTask(tasks[1], By(Ada, 5), Lease));
        WhenTold(new FreeAgent(Ada));

        var (_, back) = When(new ClaimTask(tasks[2], By(Ada, 5), Lease));

        Assert.Empty(known.Messages);
        Assert.Equal([new Message(Kinds.AgentOf(Ada), new AgentCommand.WatchAgent(State.Name))], back.Messages);
    }

    // Broken on purpose: without the comparison of tokens both tasks are free.
    [Fact]
    public void What_was_granted_after_the_registry_has_asked_is_left_alone()
    {
        TaskId before = Create(), after = Create();
        var asked = Claim(before, Ada);
        Claim(after, Ada);

        WhenTold(new FreeAgent(Ada, asked));

        Assert.Equal((WorkStatus.Pending, WorkStatus.Running), (Read(before).Status, Read(after).Status));
        ExpectAllAlike();
    }

    [Fact]
    public void Very_many_claims_are_freed_in_slices()
    {
        ComparesEachTurn = false;
        TaskId[] tasks = [.. Enumerable.Range(0, 900).Select(_ => Create())];
        foreach (var task in tasks)
        {
            Claim(task, Ada);
        }

        List<int> events = [];
        Message[] more;
        do
        {
            var turn = WhenTold(new FreeAgent(Ada, State.LastToken));
            events.Add(turn.Events.Length);
            more = [.. turn.Messages];
        }
        while (more.Length > 0);

        Assert.Equal([240, 240, 240, 180], events);
        Assert.All(tasks, task => Assert.Equal(WorkStatus.Pending, Read(task).Status));
    }

    private long Ask(TaskId task, FencingToken token)
    {
        WhenTold(new LapseClaim(task, token, 0, 0));
        return Uptime.Ticks;
    }
}
