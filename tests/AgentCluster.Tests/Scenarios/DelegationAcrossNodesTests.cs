using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.TestKit;
using AgentCluster.Tests.TestKit;
using static AgentCluster.Domain.Agents.AgentCommand;

namespace AgentCluster.Tests.Scenarios;

/// <summary>One agent asks another for something, and the machine under one of them is gone before it is answered.</summary>
public sealed class DelegationAcrossNodesTests
{
    private static readonly ActorId Ada = Kinds.AgentOf(DomainNode.Ada);
    private static readonly ActorId Grace = Kinds.AgentOf(DomainNode.Grace);

    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Cell.Life that restores nothing of what it was sending; of seed 13 nothing comes.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_was_delegated_by_who_lost_its_node_comes_once_and_so_does_the_result(ulong seed) => DomainNode.RunSeveral(3, async cluster =>
    {
        // Ada asks Grace to test the parser. She has her answer, and the node that has her dies: the letter may have gone or not.
        foreach (var agent in (AgentId[])[DomainNode.Ada, DomainNode.Grace])
        {
            await cluster.AskAsync(Kinds.AgentOf(agent), new RegisterAgent(new() { Name = agent.Value, Kind = "http" }, Rotate: false));
        }

        DelegationId asked = new(Ulid.New(cluster.World.Clock.GetUtcNow(), cluster.World.Random.NextId()));
        Addressee grace = new(DomainNode.Grace, Online: true, Role: null, Choice: null);
        Assert.IsType<DelegateReply.Requested>(await cluster.AskAsync(
            Ada, new DelegateWork(asked, grace, new("Test the parser."), 3_600, QueueIfOffline: false)));
        var dead = await cluster.OwnerOfAsync(Ada);
        dead.Process!.Kill();

        // The next node that has Ada sends it, again or for the first time. Grace has it once.
        await cluster.OwnerOfAsync(Ada, butNot: dead);
        await cluster.OwnerOfAsync(Grace, butNot: dead);
        await cluster.World.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await MailOf(Grace));

        // Grace says how it went, and, not sure that she was heard, says it again. Ada has it once.
        Assert.IsType<DelegationReply.Found>(await Report("All green."));
        Assert.IsType<DelegationReply.Ended>(await Report("All green, I said."));
        await cluster.World.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 1), (await MailOf(Ada), await MailOf(Grace)));

        Task<DelegationReply> Report(string words) =>
            cluster.AskAsync(Ada, new ReportDelegation(asked, DelegationStatus.Completed, Progress: null, new(words), DomainNode.Grace));

        async Task<long> MailOf(ActorId agent) => Assert.IsType<MailboxReply.Found>(await cluster.AskAsync(agent, new ReadMailbox())).Last;
    }, seed);
}
