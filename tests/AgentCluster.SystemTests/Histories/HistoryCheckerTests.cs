namespace AgentCluster.SystemTests.Histories;

/// <summary>A checker that finds nothing proves nothing: each rule is broken here once, and must be heard.</summary>
public sealed class HistoryCheckerTests
{
    private const string Ada = "ada";
    private const string Grace = "grace";
    private readonly List<Operation> _history = [];
    private readonly List<FoundTask> _found = [];
    private long _clock;

    [Fact]
    public void A_day_of_honest_work_passes()
    {
        Created("t1", "one");
        Created("t2", "two");
        Claimed("c1", Ada, "t1", 1);
        Claimed("c2", Grace, "t2", 2);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Claimed("c3", Grace, "t1", 3);
        Ended(Verb.Complete, "d1", Grace, "t1", 3);
        Found("t1", "one", "completed", attempt: 1);
        Found("t2", "two", "running", holder: new("t2", Grace, 2));

        Assert.Empty(HistoryChecker.Check(_history, _found));
    }

    [Fact]
    public void What_nobody_answered_may_be_found_or_not()
    {
        Unanswered(Verb.Create, "k1", title: "lost");
        Unanswered(Verb.Create, "k2", title: "kept");
        Unanswered(Verb.Claim, "k3", Ada);
        Unanswered(Verb.Claim, "k4", Ada);
        Found("t2", "kept", "running", holder: new("t2", Ada, 1));

        Assert.Empty(HistoryChecker.Check(_history, _found));
    }

    [Fact]
    public void An_unanswered_operation_that_its_repeat_answers_counts_once()
    {
        Created("t1", "one");
        Unanswered(Verb.Claim, "c1", Ada);
        Claimed("c1", Ada, "t1", 1);
        Unanswered(Verb.Release, "r1", Ada, "t1", 1);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Found("t1", "one", "pending", attempt: 1);

        Assert.Empty(HistoryChecker.Check(_history, _found));
    }

    [Fact]
    public void Tokens_may_jump_when_the_node_starts_again()
    {
        Created("t1", "one");
        Created("t2", "two");
        Claimed("c1", Ada, "t1", 1);
        Claimed("c2", Grace, "t2", 1000, run: 2);
        Found("t1", "one", "running", holder: new("t1", Ada, 1));
        Found("t2", "two", "running", holder: new("t2", Grace, 1000));

        Assert.Empty(HistoryChecker.Check(_history, _found));
    }

    [Fact]
    public void An_answered_creation_that_is_gone_is_caught()
    {
        Created("t1", "one");

        Caught("is not found");
    }

    [Fact]
    public void A_creation_that_is_found_twice_is_caught()
    {
        Created("t1", "one");
        Found("t1", "one", "pending");
        Found("t2", "one", "pending");

        Caught("is found 2 times");
    }

    [Fact]
    public void An_unanswered_creation_that_is_found_twice_is_caught()
    {
        Unanswered(Verb.Create, "k1", title: "one");
        Found("t1", "one", "pending");
        Found("t2", "one", "pending");

        Caught("is found 2 times");
    }

    [Fact]
    public void A_refused_creation_that_is_found_is_caught()
    {
        Refused(Verb.Create, "k1", title: "one");
        Found("t1", "one", "pending");

        Caught("was refused and is found");
    }

    [Fact]
    public void A_task_that_nobody_created_is_caught()
    {
        Found("t1", "one", "pending");

        Caught("nobody created it");
    }

    [Fact]
    public void A_task_that_is_listed_twice_is_caught()
    {
        Created("t1", "one");
        Found("t1", "one", "pending");
        Found("t1", "one", "pending");

        Caught("listed twice");
    }

    [Fact]
    public void A_repeat_that_answers_differently_is_caught()
    {
        Created("t1", "one");
        _history.Add(new(++_clock, ++_clock, Verb.Create, "create-one", Outcome.Done) { Title = "one", Task = "t1", Answer = "201 another" });
        Found("t1", "one", "pending");

        Caught("answered in 2 ways");
    }

    [Fact]
    public void A_repeat_that_is_refused_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Complete, "d1", Ada, "t1", 1);
        Refused(Verb.Complete, "d1", Ada, "t1", 1);
        Found("t1", "one", "completed");

        Caught("its repeat was refused");
    }

    [Fact]
    public void A_token_that_is_given_twice_is_caught()
    {
        Created("t1", "one");
        Created("t2", "two");
        Claimed("c1", Ada, "t1", 1);
        Claimed("c2", Grace, "t2", 1);
        Found("t1", "one", "running", holder: new("t1", Ada, 1));
        Found("t2", "two", "running", holder: new("t2", Grace, 1));

        Caught("was given 2 times");
    }

    [Fact]
    public void A_token_that_shrinks_is_caught()
    {
        Created("t1", "one");
        Created("t2", "two");
        Claimed("c1", Ada, "t1", 2);
        Claimed("c2", Grace, "t2", 1);
        Found("t1", "one", "running", holder: new("t1", Ada, 2));
        Found("t2", "two", "running", holder: new("t2", Grace, 1));

        Caught("got token 1 after");
    }

    [Fact]
    public void A_claim_that_took_effect_twice_is_caught_by_the_gap_in_the_tokens()
    {
        Created("t1", "one");
        Created("t2", "two");
        Claimed("c1", Ada, "t1", 1);
        Claimed("c2", Grace, "t2", 3);
        Found("t1", "one", "running", holder: new("t1", Ada, 1));
        Found("t2", "two", "running", holder: new("t2", Grace, 3));

        Caught("1 of them nobody was told of");
    }

    [Fact]
    public void A_second_task_that_nobody_asked_for_is_caught()
    {
        Created("t1", "one");
        Created("t2", "two");
        Unanswered(Verb.Claim, "c1", Ada);
        Found("t1", "one", "running", holder: new("t1", Ada, 1));
        Found("t2", "two", "running", holder: new("t2", Ada, 2));

        Caught("holds 2 tasks of which it was not told");
    }

    [Fact]
    public void A_task_with_two_holders_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Claimed("c2", Grace, "t1", 2);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Found("t1", "one", "running", attempt: 1, holder: new("t1", Grace, 2));

        Caught("while Claim c1 by ada");
    }

    [Fact]
    public void A_claim_that_was_answered_and_is_gone_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Found("t1", "one", "pending");

        Caught("nobody ended it");
    }

    [Fact]
    public void A_write_of_a_superseded_holder_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Claimed("c2", Grace, "t1", 2);
        Ended(Verb.Progress, "p1", Ada, "t1", 1);
        Found("t1", "one", "running", attempt: 1, holder: new("t1", Grace, 2));

        Caught("after Claim c2 by grace");
    }

    [Fact]
    public void A_completed_task_that_is_claimed_again_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Complete, "d1", Ada, "t1", 1);
        Claimed("c2", Grace, "t1", 2);
        Ended(Verb.Release, "r2", Grace, "t1", 2);
        Found("t1", "one", "completed", attempt: 1);

        Caught("had completed");
    }

    [Fact]
    public void A_completion_that_was_answered_and_is_gone_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Complete, "d1", Ada, "t1", 1);
        Found("t1", "one", "running", holder: new("t1", Ada, 1));

        Caught("is found running");
    }

    [Fact]
    public void A_task_that_is_completed_twice_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Complete, "d1", Ada, "t1", 1);
        Ended(Verb.Complete, "d2", Ada, "t1", 1);
        Found("t1", "one", "completed");

        Caught("was completed 2 times");
    }

    [Fact]
    public void A_completion_that_was_refused_and_is_found_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Refused(Verb.Complete, "d1", Ada, "t1", 1);
        Found("t1", "one", "completed");

        Caught("nobody completed it");
    }

    [Fact]
    public void A_release_that_took_effect_twice_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Found("t1", "one", "pending", attempt: 2);

        Caught("given up 1 to 1 times");
    }

    [Fact]
    public void A_release_that_was_answered_and_is_gone_is_caught()
    {
        Created("t1", "one");
        Claimed("c1", Ada, "t1", 1);
        Ended(Verb.Release, "r1", Ada, "t1", 1);
        Found("t1", "one", "running", attempt: 1, holder: new("t1", Ada, 1));

        Caught("is found holding");
    }

    [Fact]
    public void A_claim_on_a_task_that_is_gone_is_caught()
    {
        Claimed("c1", Ada, "t1", 1);

        Caught("got a task that is not found");
    }

    private void Caught(string expected) =>
        Assert.Contains(HistoryChecker.Check(_history, _found), violation => violation.Contains(expected, StringComparison.Ordinal));

    private void Created(string task, string title) => _history.Add(
        new(++_clock, ++_clock, Verb.Create, $"create-{title}", Outcome.Done) { Title = title, Task = task, Answer = $"201 {task}" });

    private void Claimed(string key, string agent, string task, long token, int run = 1) => _history.Add(
        new(++_clock, ++_clock, Verb.Claim, key, Outcome.Done) { Run = run, Agent = agent, Granted = new(task, agent, token), Answer = $"200 {task} {token}" });

    private void Ended(Verb verb, string key, string agent, string task, long token) => _history.Add(
        new(++_clock, ++_clock, verb, key, Outcome.Done) { Agent = agent, Task = task, Token = token, Answer = $"200 {task}" });

    private void Refused(Verb verb, string key, string agent = "", string? task = null, long? token = null, string? title = null) => _history.Add(
        new(++_clock, ++_clock, verb, key, Outcome.Refused) { Agent = agent, Task = task, Token = token, Title = title, Answer = "409" });

    private void Unanswered(Verb verb, string key, string agent = "", string? task = null, long? token = null, string? title = null) => _history.Add(
        new(++_clock, ++_clock, verb, key, Outcome.Unknown) { Agent = agent, Task = task, Token = token, Title = title });

    private void Found(string task, string title, string status, int attempt = 0, Grant? holder = null) =>
        _found.Add(new(task, title, status, attempt, holder));
}
