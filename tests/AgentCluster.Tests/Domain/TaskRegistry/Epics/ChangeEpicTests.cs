using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry.Epics;

/// <summary>What people write about an epic, and at which version.</summary>
public sealed class ChangeEpicTests : TaskRegistrySpec
{
    [Fact]
    public void What_is_named_changes_and_the_rest_stays()
    {
        var epic = CreateEpic(_ => Examples.EpicSpec);

        var (reply, turn) = When(new ChangeEpic(epic, new() { Title = "Anew", Description = new(null), Budget = new(new Budget(Usd: 3)) }, null));

        var spec = Examples.EpicSpec with { Title = "Anew", Description = null, Budget = new(Usd: 3) };
        Assert.Equal([new EpicChanged(epic, spec, Now)], turn.Events);
        Assert.Equal((spec, 2L), (Assert.IsType<EpicReply.Found>(reply).Epic.Spec, ReadEpic(epic).Version));
        ExpectAllAlike();
    }

    [Fact]
    public void A_change_that_changes_nothing_is_no_event()
    {
        var epic = CreateEpic(_ => Examples.EpicSpec);

        Assert.Empty(When(new ChangeEpic(epic, new() { Title = Examples.EpicSpec.Title, Tags = ["parser", "core"] }, null)).Turn.Events);
    }

    // Broken on purpose: Unfit that compares with the version plus one.
    [Fact]
    public void A_change_deletion_or_cancel_at_another_version_is_refused()
    {
        var epic = CreateEpic();
        When(new ChangeEpic(epic, new() { Title = "Anew" }, 1));
        EpicReply mismatch = new EpicReply.Refused(new TaskRefusal.VersionMismatch(1, 2));

        Assert.Equal(mismatch, When(new ChangeEpic(epic, new() { Title = "Late" }, 1)).Reply);
        Assert.Equal(mismatch, When(new CancelEpic(epic, null, 1)).Reply);
        Assert.Equal(mismatch, When(new DeleteEpic(epic, 1)).Reply);
        Assert.IsType<EpicReply.Found>(When(new DeleteEpic(epic, 2)).Reply);
    }

    [Fact]
    public void An_unknown_epic_is_not_found()
    {
        EpicReply unknown = new EpicReply.Refused(new TaskRefusal.EpicNotFound(Examples.Epic));

        Assert.Equal(unknown, When(new ReadEpic(Examples.Epic)).Reply);
        Assert.Equal(unknown, When(new ChangeEpic(Examples.Epic, new() { Title = "Late" }, null)).Reply);
        Assert.Equal(unknown, When(new CancelEpic(Examples.Epic, null, null)).Reply);
        Assert.Equal(unknown, When(new DeleteEpic(Examples.Epic, null)).Reply);
    }

    [Fact]
    public void A_result_may_be_written_when_it_has_ended()
    {
        var epic = CreateEpic();
        var task = CreateIn(epic);
        Complete(task, Claim(task, Ada));

        When(new ChangeEpic(epic, new() { ResultSummary = new("It parses.") }, null));

        Assert.Equal((EpicStatus.Completed, "It parses."), (ReadEpic(epic).Status, ReadEpic(epic).Spec.ResultSummary));
        ExpectAllAlike();
    }
}
