using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Simulation;
using AgentCluster.Tests.TestKit;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Tests.Scenarios;

public sealed class SeveralNodesTests
{
    private static readonly ActorId Apollo = DomainNode.Apollo;

    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Shard.IsTrusted answering for whatever is owned has the frozen node tell Grace's task as free (Mutant.TrustsForEver).
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_node_that_was_frozen_is_replaced_and_neither_answers_nor_writes_when_it_wakes(ulong seed) =>
        DomainNode.RunSeveral(3, async cluster =>
        {
            // Ada holds a task. The node that has the project stops, as a machine does that is suspended.
            await Register(cluster, DomainNode.Ada, DomainNode.Grace);
            var (held, free) = (await CreateTask(cluster), await CreateTask(cluster));
            var token = (await Claim(cluster, held, DomainNode.Ada)).Token;
            var frozen = await cluster.OwnerOfAsync(Apollo);
            frozen.Process!.Freeze();

            // A command reaches it all the same, and waits there. Its caller hears nothing.
            var unheard = frozen.AskAsync(Apollo, DomainNode.Claim(free, DomainNode.Ada), new("ada", "late", Payload: 1));

            // The others see its counter stand still for a lease, and one of them takes the project over: Ada's claim with it.
            var heir = await cluster.OwnerOfAsync(Apollo, butNot: frozen);
            Assert.Equal(token, (await Read(heir, held)).Claim?.Token);
            var grace = Assert.IsType<ClaimReply.Granted>(await heir.AskAsync(Apollo, DomainNode.Claim(free, DomainNode.Grace), null)).Task.Claim!;

            // It wakes. What it remembers is old, and it knows that it may not say it; what waited there does nothing.
            frozen.Process.Thaw();
            await Assert.ThrowsAsync<ActorUnavailableException>(() => frozen.AskAsync(Apollo, new ReadTask(free), null));
            await Assert.ThrowsAnyAsync<Exception>(() => unheard);
            Assert.Equal(grace.Token, (await Read(heir, free)).Claim?.Token);

            // Soon it is a member again, under another name, and sends callers where they belong or has its share.
            await cluster.World.Pass(2 * TestCluster.Lease);
            Assert.True(await AnswersOrSends(frozen, free, grace.Token));
            Assert.IsType<CompleteReply.Completed>(await cluster.AskAsync(
                Apollo, new CompleteTask(held, token, "by Ada", null, [], null, null)));
        }, seed);

    // Broken on purpose: ActorNode.HandOverAsync not waiting for what is in flight has the claim answered as not done (Mutant.ReleasesUndrained).
    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_in_flight_when_a_node_leaves_is_answered_and_the_next_node_knows_of_it(ulong seed) =>
        DomainNode.RunSeveral(2, async cluster =>
        {
            await Register(cluster, DomainNode.Ada);
            var task = await CreateTask(cluster);
            var leaving = await cluster.OwnerOfAsync(Apollo);

            // The claim is on its way to a slow database when the node is told to leave.
            cluster.Database.CommitsTake = TimeSpan.FromSeconds(2);
            var claim = leaving.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), null);
            await cluster.World.Pass(TimeSpan.FromSeconds(0.1));
            cluster.Database.CommitsTake = TimeSpan.Zero;
            Assert.True(await leaving.LeaveAsync());

            var token = Assert.IsType<ClaimReply.Granted>(await claim).Task.Claim!.Token;
            var next = await cluster.OwnerOfAsync(Apollo, butNot: leaving);
            Assert.Equal(token, (await Read(next, task)).Claim?.Token);
        }, seed);

    // Broken on purpose: the generation not looked at by Keeper (Mutant.IgnoresGenerations); the node answered from the lost past until it wrote.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_restore_is_heard_of_with_the_next_renewal_by_whoever_writes_nothing(ulong seed) =>
        DomainNode.RunSeveral(2, async cluster =>
        {
            await Register(cluster, DomainNode.Ada);
            var task = await CreateTask(cluster);
            var before = cluster.Database.Data.Commits;
            await Claim(cluster, task, DomainNode.Ada);

            // Long after, when nobody has anything to write, the database goes back to before the claim.
            await cluster.World.Pass(TimeSpan.FromSeconds(10));
            cluster.Database.RollBack((int)(cluster.Database.Data.Commits - before));
            await cluster.World.Pass(TestCluster.Lease);

            Assert.Null((await Read(await cluster.OwnerOfAsync(Apollo), task)).Claim);
        }, seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_letter_to_an_actor_of_another_node_is_taken_there_and_nowhere_else(ulong seed) => DomainNode.RunSeveral(3, async cluster =>
    {
        var task = await CreateTask(cluster);
        var home = await cluster.OwnerOfAsync(Apollo);
        var agent = Enumerable.Range(1, 100).Select(number => new AgentId($"a{number}")).First(agent => !home.AnswersFor(Kinds.AgentOf(agent)));
        await Claim(cluster, task, agent);

        await cluster.World.Pass(TimeSpan.FromSeconds(5));

        var there = await cluster.OwnerOfAsync(Kinds.AgentOf(agent));
        foreach (var node in cluster.Nodes)
        {
            var report = await node.InAsync(actors => actors.InspectAsync(Kinds.AgentOf(agent), CancellationToken.None).AsTask());
            Assert.Equal(node == there, report is not null);
        }
    }, seed);

    private static async Task Register(TestCluster cluster, params AgentId[] agents)
    {
        foreach (var agent in agents)
        {
            await cluster.AskAsync(Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(new() { Name = agent.Value }, Rotate: false));
        }
    }

    private static async Task<TaskId> CreateTask(TestCluster cluster)
    {
        var task = new TaskId(Ulid.New(cluster.World.Clock.GetUtcNow(), cluster.World.Random.NextId()));
        Assert.IsType<CreateReply.Created>(await cluster.AskAsync(Apollo, new CreateTasks([new(task, new() { Title = "Write the parser" }, [])])));
        return task;
    }

    private static async Task<ClaimView> Claim(TestCluster cluster, TaskId task, AgentId by) =>
        Assert.IsType<ClaimReply.Granted>(await cluster.AskAsync(Apollo, DomainNode.Claim(task, by))).Task.Claim!;

    private static async Task<TaskView> Read(SimulatedNode node, TaskId task) =>
        Assert.IsType<TaskReply.Found>(await node.AskAsync(Apollo, new ReadTask(task), null)).Task;

    private static async Task<bool> AnswersOrSends(SimulatedNode node, TaskId task, FencingToken token)
    {
        try
        {
            return await node.AskAsync(Apollo, new ReadTask(task), null) is TaskReply.Found found && found.Task.Claim?.Token == token;
        }
        catch (ActorUnavailableException sent)
        {
            return sent.Elsewhere is not null;
        }
    }
}
