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

/// <summary>Nodes that send on what others own: what callers are told when the way between two nodes fails.</summary>
public sealed class WiredNodesTests
{
    private static readonly ActorId Apollo = DomainNode.Apollo;

    public static TheoryData<ulong> Seeds => Team.Seeds;

    // Broken on purpose: Router.TryForward answering false (every other node names the owner).
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_node_answers_for_every_project(ulong seed) => Run(3, async (cluster, _, _) =>
    {
        foreach (var node in cluster.Nodes)
        {
            var task = await CreateTask(cluster, node);
            Assert.IsType<TaskReply.Found>(await node.AskAsync(Apollo, new ReadTask(task), null));
            Assert.IsType<ClaimReply.Granted>(await node.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), null));
        }
    }, seed);

    // Broken on purpose: Router.Unknown that never repeats.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_claim_whose_answer_was_lost_on_the_way_is_granted_once_under_its_key(ulong seed) => Run(2, async (cluster, owner, other) =>
    {
        // Ada claims through the node that has not the project. The answer does not come back to it.
        var task = await CreateTask(cluster, other);
        cluster.Network!.Cut(Name(owner), Name(other));
        var claiming = other.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), new("ada", "key", Payload: 1));
        await cluster.World.Pass(SimulatedNetwork.SilentAfter + TimeSpan.FromSeconds(1));
        cluster.Network.Mend();

        // The node has asked again, and the owner has answered as it did the first time.
        var claim = Assert.IsType<ClaimReply.Granted>(await claiming).Task;
        Assert.Equal(1, claim.Attempt + 1);
        Assert.Equal(claim.Claim, Assert.IsType<TaskReply.Found>(await owner.AskAsync(Apollo, new ReadTask(task), null)).Task.Claim);
    }, seed);

    // Broken on purpose: Mutant.SendsAgainWithoutAnId, and Mutant.BelievesALaterNotDone.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_claim_without_a_key_whose_answer_was_lost_is_unknown_and_never_sent_again(ulong seed) => Run(2, async (cluster, owner, other) =>
    {
        var task = await CreateTask(cluster, other);
        cluster.Network!.Cut(Name(owner), Name(other));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => other.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), null));
        Assert.NotNull(Assert.IsType<TaskReply.Found>(await owner.AskAsync(Apollo, new ReadTask(task), null)).Task.Claim);
    }, seed);

    // Broken on purpose: Mutant.BelievesALaterNotDone tells Ada that her claim was not done.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_certainly_never_left_is_not_done_and_what_may_have_arrived_stays_unknown_whatever_comes_later(ulong seed) =>
        Run(2, async (cluster, owner, other) =>
        {
            // The way back is cut: Ada's claim takes effect, and her node asks in vain until she waits no more.
            var task = await CreateTask(cluster, other);
            cluster.Network!.Cut(Name(owner), Name(other));
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => other.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), new("ada", "key", Payload: 1)));

            // By now no connection can be made: Grace's never leaves.
            var gone = await Assert.ThrowsAsync<ActorUnavailableException>(() => other.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Grace), new("grace", "key", Payload: 2)));
            Assert.Equal(Unavailable.NotReady, gone.Why);
        }, seed);

    // Broken on purpose: Router.GoesOn answering false has some claim refused with "does not own its shard now".
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Who_asks_while_a_shard_moves_sees_a_pause_and_no_error(ulong seed) => Run(3, async (cluster, owner, other) =>
    {
        var claims = Enumerable.Range(0, 40).Select(async number =>
        {
            await cluster.World.Pass(TimeSpan.FromSeconds(0.05 * number));
            var task = await CreateTask(cluster, other);
            return await other.AskAsync(Apollo, new ClaimTask(task, new(DomainNode.Ada, new(100, [])), 600), new("ada", $"{number}", Payload: 1));
        }).ToList();
        await cluster.World.Pass(TimeSpan.FromSeconds(0.5));
        Assert.True(await owner.LeaveAsync());

        Assert.All(await Task.WhenAll(claims), reply => Assert.IsType<ClaimReply.Granted>(reply));
    }, seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_two_agents_that_race_across_a_partition_one_has_the_task(ulong seed) => Run(2, async (cluster, owner, other) =>
    {
        // The nodes do not hear each other; both reach the database, and each has a caller.
        var task = await CreateTask(cluster, other);
        cluster.Network!.Cut(Name(owner), Name(other));
        cluster.Network.Cut(Name(other), Name(owner));
        var grace = other.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Grace), new("grace", "key", Payload: 2));
        var ada = Assert.IsType<ClaimReply.Granted>(await owner.AskAsync(Apollo, DomainNode.Claim(task, DomainNode.Ada), new("ada", "key", Payload: 1)));

        // When they hear each other again, Grace is told who was first.
        cluster.Network.Mend();
        var refused = Assert.IsType<ClaimReply.Refused>(await grace);
        Assert.Equal(ada.Task.Claim!.Agent, Assert.IsType<TaskRefusal.AlreadyClaimed>(refused.Why).Holder);
    }, seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sign_of_life_reaches_the_agents_actor_wherever_it_is_given(ulong seed) => Run(2, async (cluster, _, _) =>
    {
        var ada = Kinds.AgentOf(DomainNode.Ada);
        var owner = await cluster.OwnerOfAsync(ada);
        var other = cluster.Nodes.First(node => node != owner);
        for (var seconds = 0; seconds < 300; seconds += 20)
        {
            other.Tell(ada, new AgentCommand.SeeAgent());
            await cluster.World.Pass(TimeSpan.FromSeconds(20));
        }

        Assert.True(Assert.IsType<AgentReply.Found>(await owner.AskAsync(ada, new AgentCommand.ReadAgent(), null)).Agent.Online);
    }, seed);

    private static void Run(int nodes, Func<TestCluster, SimulatedNode, SimulatedNode, Task> test, ulong seed) => DomainNode.RunSeveral(
        nodes,
        async cluster =>
        {
            foreach (var agent in (AgentId[])[DomainNode.Ada, DomainNode.Grace])
            {
                var profile = new AgentProfile { Name = agent.Value, Kind = "http", MaxConcurrent = 100 };
                Assert.IsType<RegisterReply.Registered>(await cluster.AskAsync(Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(profile, Rotate: false)));
            }

            await cluster.AskAsync(Apollo, new ListAvailable(null, 1, 0));
            var owner = await cluster.OwnerOfAsync(Apollo);
            await test(cluster, owner, cluster.Nodes.First(node => node != owner));
        },
        seed,
        isWired: true);

    private static string Name(SimulatedNode node) => node.Membership!.Address;

    private static async Task<TaskId> CreateTask(TestCluster cluster, SimulatedNode node)
    {
        var task = new TaskId(Ulid.New(cluster.World.Clock.GetUtcNow(), cluster.World.Random.NextId()));
        Assert.IsType<CreateReply.Created>(await node.AskAsync(Apollo, new CreateTasks([new(task, new() { Title = "Write the parser" }, [])]), null));
        return task;
    }
}
