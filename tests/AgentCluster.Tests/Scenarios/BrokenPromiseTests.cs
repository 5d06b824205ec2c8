using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Scenarios;

public sealed class BrokenPromiseTests
{
    private const int Ttl = 10;

    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: AgentBehavior neither cancelling the grace at a sign of life nor asking for it when it ends frees the claim
    // after the false alarm.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_agent_that_breaks_its_promise_to_beat_loses_its_claims_after_the_grace(ulong seed) => Team.Play(seed, async team =>
    {
        var ada = team.Agent("ada");
        var task = await team.CreateTask();
        await ada.Register(heartbeatSeconds: Ttl);
        await ada.Claim(task, leaseSeconds: 3_600);

        // Ada is silent for longer than she promised: within a second she is shown offline, and keeps her claim.
        await team.Pass(Ttl - 1);
        Assert.True(await ada.IsOnline());
        await team.Pass(2);
        Assert.False(await ada.IsOnline());
        Assert.Equal(ada.Id, (await team.Read(task)).Claim?.Agent);

        // A false alarm: her next call puts everything right, also when the first grace would be over.
        await ada.Beat();
        Assert.True(await ada.IsOnline());
        for (var beat = 0; beat < 10; beat++)
        {
            await team.Pass(Ttl - 1);
            await ada.Beat();
        }

        Assert.Equal(ada.Id, (await team.Read(task)).Claim?.Agent);

        // Now she is silent for good. Until the grace is over the claim is hers, then it is anybody's.
        await team.Pass(Ttl + 1);
        Assert.False(await ada.IsOnline());
        await team.Pass(AgentTimes.Grace.TotalSeconds - 2);
        Assert.Equal(ada.Id, (await team.Read(task)).Claim?.Agent);
        await team.Pass(2);
        var freed = await team.Read(task);
        Assert.Equal((null, WorkStatus.Pending, "ada is gone."), (freed.Claim, freed.Status, freed.Reason));
        await team.Agent("grace").Claim(task, leaseSeconds: 600);
    });
}
