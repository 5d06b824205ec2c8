using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Scenarios;

public sealed class ZombieTests
{
    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Lookup.Refuse taking any token for a held task lets the zombie complete.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_agent_back_from_the_dead_is_refused_and_told_who_has_its_task(ulong seed) => Team.Play(seed, async team =>
    {
        var (ada, grace) = (team.Agent("ada"), team.Agent("grace"));
        var task = await team.CreateTask();

        // Ada claims the task and crashes in the middle of it. Until her lease is over nobody else gets it.
        var hers = await ada.Claim(task, leaseSeconds: 30);
        await team.Pass(29);
        var tooEarly = Assert.IsType<ClaimReply.Refused>(await grace.TryClaim(task, leaseSeconds: 600));
        Assert.Equal(ada.Id, Assert.IsType<TaskRefusal.AlreadyClaimed>(tooEarly.Why).Holder);

        await team.Pass(2);
        var current = await grace.Claim(task, leaseSeconds: 600);
        Assert.True(current.Value > hers.Value);

        // Ada comes back and knows nothing of it, while Grace works and after Grace is done.
        var whileHeld = await ada.Complete(task, hers, "by a zombie");
        Assert.Equal(new CompleteReply.Refused(new TaskRefusal.ClaimSuperseded(grace.Id, current)), whileHeld);

        Assert.IsType<CompleteReply.Completed>(await grace.Complete(task, current, "by Grace"));
        var afterwards = await ada.Complete(task, hers, "by a zombie");
        Assert.Equal(new CompleteReply.Refused(new TaskRefusal.ClaimSuperseded(null, current)), afterwards);

        var done = await team.Read(task);
        Assert.Equal((WorkStatus.Completed, grace.Id.Value), (done.Status, done.Assignee));
        Assert.Equal([ada.Id, grace.Id], team.Claims.Select(claim => claim.Agent));
    });
}
