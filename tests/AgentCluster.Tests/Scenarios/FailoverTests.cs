using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Tests.Scenarios;

public sealed class FailoverTests
{
    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Shard.Supersede doing nothing has Grace refused, because the node still remembers Ada's claim.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_claim_that_a_failover_lost_is_given_to_the_next_with_a_token_that_was_never_given(ulong seed) => Team.Play(seed, async team =>
    {
        var (ada, grace) = (team.Agent("ada"), team.Agent("grace"));
        var task = await team.CreateTask();

        // Ada's claim is written and answered. The database fails over to a standby that never got it.
        team.ClaimWritten = () => team.Node.Database.RollBack(1);
        var lost = await ada.Claim(task, leaseSeconds: 600);
        team.ClaimWritten = null;

        // The node finds out with its next write, the letter that tells Ada's actor of the claim, and forgets the lost past.
        await team.Pass(5);
        var token = await grace.Claim(task, leaseSeconds: 600);
        Assert.Equal(lost.Next(generation: 2), token);

        // Ada was answered in vain, but she cannot do harm.
        var refused = Assert.IsType<CompleteReply.Refused>(await ada.Complete(task, lost, "by Ada"));
        Assert.Equal(new TaskRefusal.ClaimSuperseded(grace.Id, token), refused.Why);
        Assert.IsType<CompleteReply.Completed>(await grace.Complete(task, token, "by Grace"));
    });
}
