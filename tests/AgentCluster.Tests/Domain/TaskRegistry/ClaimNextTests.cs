using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class ClaimNextTests : TaskRegistrySpec
{
    private static readonly EpicId Busy = new("01KDWYX3000000000000000BSY"), Calm = new("01KDWYX3000000000000000CAM");

    [Fact]
    public void Nothing_ready_is_said_without_a_reason()
    {
        Assert.Equal(new ClaimReply.NothingReady(), When(new ClaimNext(By(Ada), Lease)).Reply);
    }

    [Fact]
    public void The_most_urgent_goes_first_then_the_oldest()
    {
        var late = Create(spec => spec with { Priority = Priority.P3 });
        var old = Create();
        var urgent = Create(spec => spec with { Priority = Priority.P0 });
        var young = Create();

        Assert.Equal([urgent, old, young, late], Drain(By(Ada)));
    }

    [Fact]
    public void The_epic_with_the_fewest_running_tasks_goes_before_age()
    {
        var first = Create(spec => spec with { EpicId = Busy });
        var second = Create(spec => spec with { EpicId = Busy });
        var third = Create(spec => spec with { EpicId = Calm });
        var none = Create();

        Assert.Equal([first, third, none, second], Drain(By(Ada)));
    }

    [Fact]
    public void A_finished_task_relieves_its_epic()
    {
        var first = Create(spec => spec with { EpicId = Busy });
        var second = Create(spec => spec with { EpicId = Busy });
        var third = Create(spec => spec with { EpicId = Calm });
        var token = Claim(first, Ada);
        Complete(first, token);

        Assert.Equal([second, third], Drain(By(Ada)));
    }

    [Fact]
    public void What_more_tasks_wait_for_goes_before_age()
    {
        var old = Create();
        var awaited = Create();
        var waiting = Create(awaited);
        Create(awaited, waiting);

        Assert.Equal([awaited, old], Drain(By(Ada)));
    }

    [Fact]
    public void A_dependant_that_was_cancelled_does_not_count_any_more()
    {
        var old = Create();
        var awaited = Create();
        When(new CancelTask(Create(awaited), null));

        Assert.Equal([old, awaited], Drain(By(Ada)));
    }

    [Fact]
    public void Tasks_for_manual_assignment_are_never_handed_out()
    {
        Create(spec => spec with { ManualAssignment = true });

        Assert.Null(ClaimNext(By(Ada)));
    }

    [Fact]
    public void An_agent_gets_only_what_it_can_do()
    {
        var both = Create(spec => spec with { Priority = Priority.P0, RequiredCapabilities = ["sql", "ui"] });
        var sql = Create(spec => spec with { Priority = Priority.P1, RequiredCapabilities = ["sql"] });
        var any = Create();

        Assert.Equal([sql, any], Drain(By(Ada, 10, "sql")));
        Assert.Equal([both], Drain(By(Grace, 10, "ui", "sql")));
    }

    [Fact]
    public void What_an_agent_says_for_one_claim_counts_instead_of_its_registration()
    {
        Create(spec => spec with { RequiredCapabilities = ["sql"] });

        Assert.Null(ClaimNext(By(Ada, 10, "sql") with { Capabilities = [] }));
    }

    [Fact]
    public void An_agent_at_its_bound_gets_nothing_and_hears_why()
    {
        Create();
        Create();
        ClaimNext(By(Ada, 1));

        var reply = Assert.IsType<ClaimReply.NothingReady>(When(new ClaimNext(By(Ada, 1), Lease)).Reply);

        Assert.Equal(ReasonCode.MaxConcurrent, reply.Reason!.Code);
    }

    [Fact]
    public void The_list_of_available_tasks_is_in_the_order_of_claims_and_pages()
    {
        List<TaskId> created = [];
        for (var i = 0; i < 40; i++)
        {
            var priority = (Priority)(i % 3);
            EpicId? epic = (i % 4) switch { 0 => Busy, 1 => Calm, _ => null };
            string[] needs = i % 5 == 0 ? ["sql"] : [];
            created.Add(Create(spec => spec with
            {
                Priority = priority,
                EpicId = epic,
                RequiredCapabilities = ValueList.Of<string>(needs),
            }));
        }

        Create(spec => spec with { ManualAssignment = true });
        var all = When(new ListAvailable(null, 200, 0)).Reply;
        var page = When(new ListAvailable(null, 7, 5)).Reply;
        var mine = When(new ListAvailable([], 200, 0)).Reply;

        Assert.Equal(40, all.Total);
        Assert.Equal(created.Order(new ById()), all.Tasks.Select(task => task.Id).Order(new ById()));
        Assert.Equal(all.Tasks.Select(task => task.Id).Skip(5).Take(7), page.Tasks.Select(task => task.Id));
        Assert.Equal((40, 32), (page.Total, mine.Total));
        Assert.Equal(all.Tasks[0].Id, ClaimNext(By(Ada, 50, "sql")));
    }

    private List<TaskId> Drain(Claimant by)
    {
        List<TaskId> claimed = [];
        while (ClaimNext(by) is { } task)
        {
            claimed.Add(task);
        }

        return claimed;
    }

    private sealed class ById : IComparer<TaskId>
    {
        public int Compare(TaskId x, TaskId y) => string.CompareOrdinal(x.Value, y.Value);
    }
}
