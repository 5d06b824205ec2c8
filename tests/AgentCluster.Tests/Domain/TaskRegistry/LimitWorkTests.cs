using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>How many tasks of a project may be held at a time.</summary>
public sealed class LimitWorkTests : TaskRegistrySpec
{
    // Broken on purpose: ">" for ">=" in OfPolicy hands out one more.
    [Fact]
    public void Nothing_more_is_handed_out_by_name_or_next_until_a_claim_is_over_and_why_says_so()
    {
        Assert.Equal([new WorkLimited(1, Now)], WhenTold(new LimitWork(1)).Events);
        Assert.Empty(WhenTold(new LimitWork(1)).Events);
        var (first, second) = (Create(), Create());
        var token = Claim(first, Ada);

        Assert.Equal(ReasonCode.Policy, Assert.IsType<ClaimReply.NothingReady>(When(new ClaimNext(By(Grace), Lease)).Reply).Reason!.Code);
        var refused = Assert.IsType<TaskRefusal.NotReady>(Assert.IsType<ClaimReply.Refused>(When(new ClaimTask(second, By(Grace), Lease)).Reply).Why);
        Assert.Equal((ReasonCode.Policy, "1 tasks of the project 'apollo' are held; at most 1 may be at a time."), Assert.Single(refused.Reasons) is var reason ? (reason.Code, reason.Detail) : default);
        Assert.Equal([ReasonCode.Policy], Assert.IsType<WhyReply.Explained>(When(new ExplainTask(second)).Reply).Reasons.Select(each => each.Code));

        var next = Assert.IsType<CompleteReply.Completed>(When(new CompleteTask(first, token, "Done.", Next: new(null, null, Lease))).Reply).Next;
        Assert.Equal(second, next!.Id);
        ExpectAllAlike();
    }

    [Fact]
    public void A_limit_that_is_taken_away_or_met_already_takes_nothing_from_anybody()
    {
        var (first, second, third) = (Create(), Create(), Create());
        Claim(first, Ada);
        Claim(second, Ada);
        WhenTold(new LimitWork(1));
        Assert.Equal(WorkStatus.Running, Read(second).Status);
        Assert.Null(ClaimNext(By(Grace)));

        WhenTold(new LimitWork(null));
        Assert.Equal(third, ClaimNext(By(Grace)));
        ExpectAllAlike();
    }
}
