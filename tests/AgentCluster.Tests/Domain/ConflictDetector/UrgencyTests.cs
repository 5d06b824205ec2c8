using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Domain.ConflictDetector;

/// <summary>What is urgent waits for what is not.</summary>
public sealed class UrgencyTests : DetectorSpec
{
    private static readonly TaskId Mine = new("01KDWYX3000000000000000001"), Theirs = new("01KDWYX3000000000000000002");

    private static Stake Low => new() { Priority = Priority.P3 };

    private static Stake High => new() { Priority = Priority.P0 };

    [Fact]
    public void Who_can_wait_and_be_done_in_time_waits()
    {
        Have(One, "a", Low with { RemainingSeconds = 100 });

        var want = Want(Two, "a", High with { RemainingSeconds = 100, Deadline = Now.AddSeconds(300) });

        var conflict = Of(ConflictType.PriorityConflict);
        Assert.Equal(Severity.Critical, conflict.Found.Severity);
        Assert.Equal([("timeline_analysis", true)], Tried(conflict));
        Assert.Equal((Standing.Queued, true), (State.Book.Find(want.Id)!.Standing, State.Book.Find(want.Id)!.MayWait));
    }

    [Fact]
    public void Who_would_be_late_goes_first_and_who_held_it_is_next()
    {
        var held = Have(One, "a", Low with { RemainingSeconds = 1_000 });

        var reply = Ask(Two, "a", stake: High with { RemainingSeconds = 100, Deadline = Now.AddSeconds(300) });

        Assert.Equal([("timeline_analysis", true)], Tried(Of(ConflictType.PriorityConflict)));
        Assert.IsType<ReserveReply.Granted>(reply);
        Assert.Equal(Standing.Queued, State.Book.Find(held.Id)!.Standing);
    }

    // Broken on purpose: a holder with a deadline made to wait whatever it says. It was late.
    [Fact]
    public void Where_neither_can_wait_what_both_are_worth_decides()
    {
        Have(One, "a", Low with { RemainingSeconds = 1_000, Deadline = Now.AddSeconds(1_050), Weight = 5 });

        var reply = Ask(Two, "a", stake: High with { RemainingSeconds = 100, Deadline = Now.AddSeconds(300), Weight = 9 });

        Assert.Equal([("timeline_analysis", false), ("business_impact", true)], Tried(Of(ConflictType.PriorityConflict)));
        Assert.IsType<ReserveReply.Granted>(reply);
    }

    [Fact]
    public void Where_nobody_said_what_it_is_worth_what_depends_on_what_decides()
    {
        Have(One, "a", Low with { DependsOn = [Mine] }, Theirs);

        var reply = Ask(Two, "a", stake: High, task: Mine);

        var conflict = Of(ConflictType.PriorityConflict);
        Assert.Equal([("timeline_analysis", false), ("business_impact", false), ("dependency_reordering", true)], Tried(conflict));
        Assert.Equal("not applicable: no weight declared", conflict.Attempts[1].Detail);
        Assert.IsType<ReserveReply.Granted>(reply);
    }

    [Fact]
    public void Who_depends_on_the_other_waits()
    {
        Have(One, "a", Low, Theirs);

        var want = Want(Two, "a", High with { DependsOn = [Theirs] }, Mine);

        Assert.Equal([("timeline_analysis", false), ("business_impact", false), ("dependency_reordering", true)], Tried(Of(ConflictType.PriorityConflict)));
        Assert.True(State.Book.Find(want.Id)!.MayWait);
    }

    [Fact]
    public void Where_nothing_is_known_a_human_decides()
    {
        Have(One, "a", Low);

        Want(Two, "a", High);

        var conflict = Of(ConflictType.PriorityConflict);
        Assert.Equal([("timeline_analysis", false), ("business_impact", false), ("dependency_reordering", false)], Tried(conflict));
        Assert.Equal(ConflictStatus.Escalated, conflict.Status);
    }

    // Broken on purpose: a strategy taken at its word, without a look at what it comes to. The conflict was called resolved.
    [Fact]
    public void A_strategy_that_did_what_it_can_has_failed_where_detection_finds_the_conflict_still()
    {
        var first = Have(One, "a", Low with { RemainingSeconds = 1_000 });
        Have(One, "[a-c]", Low with { RemainingSeconds = 1_000 });

        Want(Two, "a", High with { RemainingSeconds = 100, Deadline = Now.AddSeconds(300) });

        var conflict = Of(ConflictType.PriorityConflict);
        Assert.Equal([("timeline_analysis", false), ("business_impact", false), ("dependency_reordering", false)], Tried(conflict));
        Assert.EndsWith("Detection finds it still.", conflict.Attempts[0].Detail, StringComparison.Ordinal);
        Assert.Equal(Standing.Held, State.Book.Find(first.Id)!.Standing);
    }

    [Fact]
    public void What_is_not_urgent_waits_without_a_conflict_of_priorities()
    {
        Have(One, "a", Low);

        Want(Two, "a", new() { Priority = Priority.P2 });

        Assert.Equal(ConflictType.ResourceContention, Only.Found.Type);
    }
}
