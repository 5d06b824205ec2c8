using AgentCluster.Domain.TaskRegistry;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Scenarios;

public sealed class LostAnswerTests
{
    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Cell.Remembered keeping no reply has Ada refused, because she holds the task already.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_claim_whose_answer_died_with_the_node_is_answered_again_with_the_same_token(ulong seed) => Team.Play(seed, async team =>
    {
        var (ada, grace) = (team.Agent("ada"), team.Agent("grace"));
        var task = await team.CreateTask();

        // The node is killed when Ada's claim is on disk and her answer is not on its way yet.
        team.ClaimWritten = team.Node.Node.Kill;
        await Assert.ThrowsAsync<ConnectionLostException>(() => ada.TryClaim(task, leaseSeconds: 600, key: "claim-1"));
        team.ClaimWritten = null;
        var written = Assert.Single(team.Claims);

        // It comes back. Grace finds the task taken; Ada asks once more and hears what she should have heard.
        await team.Node.RestartAsync();
        var refused = Assert.IsType<ClaimReply.Refused>(await grace.TryClaim(task, leaseSeconds: 600));
        Assert.Equal(ada.Id, Assert.IsType<TaskRefusal.AlreadyClaimed>(refused.Why).Holder);
        var token = await ada.Claim(task, leaseSeconds: 600, key: "claim-1");
        Assert.Equal(written.Token, token);

        Assert.IsType<CompleteReply.Completed>(await ada.Complete(task, token, "by Ada"));
        Assert.Equal([written], team.Claims);
    });
}
