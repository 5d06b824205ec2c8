using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Tasks;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Tests.Domain.ConflictDetector;

/// <summary>More than one wants what only one can have, and what is tried about it, in order.</summary>
public sealed class ContentionTests : DetectorSpec
{
    private static readonly Stake Urgent = new() { Priority = Priority.P1 };
    private static readonly Stake Later = new() { Priority = Priority.P3 };

    // Broken on purpose: the look for a circle left out of queue_access. Both waited for each other for ever.
    [Fact]
    public void Who_would_wait_for_each_other_is_not_queued_and_a_whole_list_that_fails_falls_to_a_human()
    {
        Have(One, "a");
        Have(Two, "b");
        Want(Two, "a");

        var (reply, turn) = When(new Reserve(new(Mint(), One, ["b"], ReservationMode.Exclusive, 600)));

        Assert.Equal(Standing.Wanted, Assert.IsType<ReserveReply.Refused>(reply).Want.Standing);
        var conflict = State.Book.Conflicts.Values.Single(conflict => conflict.Found.Resource == "b");
        Assert.Equal([("queue_access", false), ("resource_splitting", false), ("priority_boost", false)], Tried(conflict));
        Assert.Equal(ConflictStatus.Escalated, conflict.Status);
        Assert.Contains("a human must decide", Assert.Single(Told(turn, One)), StringComparison.Ordinal);
        Assert.Contains("a human must decide", Assert.Single(Told(turn, Two)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_queue_would_be_a_circle_what_is_not_worked_on_is_split_off()
    {
        Assert.IsType<ReserveReply.Granted>(Ask(Two, ["b", "c"]));
        Have(One, "a");
        Want(Two, "a");
        Work(Two, "copy", files: ["c"]);

        var want = Assert.IsType<ReserveReply.Granted>(Ask(One, "b")).Reservation;

        var conflict = State.Book.Conflicts.Values.Single(conflict => conflict.Found.Resource == "b");
        Assert.Equal([("queue_access", false), ("resource_splitting", true)], Tried(conflict));
        Assert.Equal(Standing.Held, State.Book.Find(want.Id)!.Standing);
        Assert.Contains(State.Book.Reservations.Values, each => each.Agent == Two && each.Paths == ["c"]);
    }

    [Fact]
    public void What_is_worked_on_is_not_split_off_and_the_more_urgent_goes_first_instead()
    {
        Assert.IsType<ReserveReply.Granted>(Ask(Two, ["b", "c"], stake: Later));
        Have(One, "a", Urgent);
        Want(Two, "a");
        Work(Two, "copy", files: ["b"]);

        var reply = Ask(One, "b", stake: Urgent);

        var conflict = State.Book.Conflicts.Values.Single(conflict => conflict.Found is { Resource: "b", Type: ConflictType.ResourceContention, Want: not null });
        Assert.Equal([("queue_access", false), ("resource_splitting", false), ("priority_boost", true)], Tried(conflict));
        Assert.Equal(Standing.Held, Assert.IsType<ReserveReply.Granted>(reply).Reservation.Standing);
        Assert.Equal(Standing.Queued, State.Book.Reservations.Values.Single(each => each.Paths == ["b", "c"]).Standing);
    }

    [Fact]
    public void Who_works_on_what_another_reserved_is_merged_after_the_one_who_did()
    {
        Work(One, "one", path: "/work/one", files: ["shared"]);
        Have(One, "shared");
        Work(Two, "two", path: "/work/two", files: ["shared"]);

        Assert.Equal([("queue_access", true)], Tried(Only));
        Assert.Equal("one", State.Book.FirstOf("two", "one"));
    }

    [Fact]
    public void Who_works_on_what_another_reserved_and_cannot_be_put_in_order_is_a_humans_matter()
    {
        Have(One, "shared");

        Work(Two, "two", files: ["shared"]);

        Assert.Equal([("queue_access", false), ("resource_splitting", false), ("priority_boost", false)], Tried(Only));
        Assert.Equal((Severity.High, ConflictStatus.Escalated), (Only.Found.Severity, Only.Status));
    }

    // Broken on purpose: verdicts not looked at. Both touched the file, so there was a conflict although it merged.
    [Fact]
    public void A_file_touched_by_two_is_no_conflict_where_a_forecast_says_that_it_merges_and_one_where_nobody_knows()
    {
        Work(One, "one", path: "/work/one", files: ["a"]);
        Work(Two, "two", path: "/work/two", files: ["a"]);
        Assert.Empty(State.Book.Conflicts);

        When(new ReportForecasts([new("one", Verdict.Clean, "two")]));
        Assert.Empty(State.Book.Conflicts);

        When(new ReportForecasts([new("one", Verdict.Unknown, "two") { Detail = "git is gone" }]));
        Assert.Equal(("a", Severity.Medium), (Only.Found.Resource, Only.Found.Severity));
    }

    [Fact]
    public void Two_whose_work_does_not_merge_are_put_in_order_and_the_second_is_told_when_the_first_is_done()
    {
        Work(One, "one", path: "/work/one", files: ["a"]);
        Work(Two, "two", path: "/work/two", priority: Priority.P0, files: ["a"]);

        var (_, turn) = When(new ReportForecasts([new("one", Verdict.Conflict, "two") { Files = [new("a", "content")] }]));

        Assert.Equal(("a", "merge", Severity.High), (Only.Found.Resource, Only.Found.Kind, Only.Found.Severity));
        Assert.Equal([("queue_access", true)], Tried(Only));
        Assert.Equal("two", State.Book.FirstOf("one", "two"));
        Assert.Single(Told(turn, One));
        Assert.Single(Told(turn, Two));
        (_, turn) = When(new RemoveWorktree("two"));
        Assert.Contains("your turn", Assert.Single(Told(turn, One)), StringComparison.Ordinal);
        Assert.Empty(State.Book.Orders);
    }

    [Fact]
    public void A_conflict_that_comes_again_has_the_same_id_and_its_history()
    {
        Have(One, "shared");
        Work(Two, "two", files: ["shared"]);
        var id = Only.Found.Id;
        When(new RemoveWorktree("two"));
        Assert.Equal(ConflictStatus.Resolved, Only.Status);

        Work(Two, "two", files: ["shared"]);

        Assert.Equal((id, ConflictStatus.Escalated, 6), (Only.Found.Id, Only.Status, Only.Attempts.Count));
    }

    [Fact]
    public void What_a_human_decided_stays_decided_until_the_cause_is_gone()
    {
        Have(One, "shared");
        Work(Two, "two", files: ["shared"]);

        var known = Assert.IsType<ConflictReply.Known>(When(new ResolveConflict(Only.Found.Id, "Let both go on.", "maria")).Reply).Conflict;

        Assert.Equal((ConflictStatus.Resolved, "maria", true), (known.Status, known.Resolution!.By, known.IsAccepted));
        Assert.Empty(WhenTold(new Sweep()).Events);
        Assert.IsType<ConflictReply.IsOver>(When(new ResolveConflict(Only.Found.Id, "Again.", "maria")).Reply);
        When(new RemoveWorktree("two"));
        Assert.False(Only.IsAccepted);
        Work(Two, "two", files: ["shared"]);
        Assert.Equal(ConflictStatus.Escalated, Only.Status);
    }

    [Fact]
    public void Two_agents_on_one_branch_or_in_one_folder_are_in_conflict_and_a_human_is_told()
    {
        Work(One, "one", branch: "feature/x", path: "/work/x");
        Work(Two, "two", branch: "feature/x", path: "/work/x/");

        Assert.Equal(["branch", "worktree_path"], State.Book.Conflicts.Values.Select(conflict => conflict.Found.Kind).Order());
        Assert.All(State.Book.Conflicts.Values, conflict => Assert.Equal((ConflictType.AgentConflict, ConflictStatus.Escalated), (conflict.Found.Type, conflict.Status)));
        Work(One, "three", branch: "feature/x");
        Assert.Equal(2, State.Book.Conflicts.Count);
    }

    [Fact]
    public void The_sweep_comes_back_every_five_seconds_while_there_is_something_to_look_at()
    {
        var (_, first) = When(new Reserve(new(Mint(), One, ["a"], ReservationMode.Exclusive, 600)));
        Assert.Contains(first.Timers, timer => timer is AgentCluster.Actors.TimerChange.Arm { Command: Sweep, After.TotalSeconds: 5 });
        Assert.Contains(WhenTold(new Sweep()).Timers, timer => timer is AgentCluster.Actors.TimerChange.Arm { Command: Sweep });
        When(new ReleaseReservation(State.Book.Reservations.Values.Single().Id));

        Assert.Empty(WhenTold(new Sweep()).Timers);
    }
}
