using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Probes;
using AgentCluster.Tests.Runtime;
using static AgentCluster.Tests.TestKit.DomainNode;

namespace AgentCluster.Tests.TestKit;

/// <summary>A probe in the place of the agents, while the registry is the real one.</summary>
public sealed class StandInTests
{
    [Fact]
    public void A_registry_that_grants_a_claim_asks_to_hear_when_the_agent_is_gone() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);
        var task = await node.CreateTask();

        await node.AskAsync(Apollo, Claim(task, Ada));

        Assert.Equal("apollo", (await agents.ExpectMsgFromAsync<AgentCommand.WatchAgent>(Apollo)).Project);
        Assert.Equal(Apollo, agents.LastSender);
        await agents.ExpectNoMsgAsync(TimeSpan.FromMinutes(9));
    });

    [Fact]
    public void A_lease_that_is_due_is_asked_about_and_ends_nothing_without_an_answer() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);
        var task = await node.CreateTask();
        await node.AskAsync(Apollo, Claim(task, Ada, leaseSeconds: 60));
        agents.IgnoreMessages(message => message is AgentCommand.WatchAgent);

        await agents.WithinAsync(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61), async () =>
        {
            var asked = await agents.ExpectMsgAsync<AgentCommand.AskSign>();
            Assert.Equal(task, asked.Task);
        });
        await node.World.Pass(TimeSpan.FromHours(1));

        var read = Assert.IsType<TaskReply.Found>(await node.AskAsync(Apollo, new TaskRegistryCommand.ReadTask(task)));
        Assert.Equal(Ada, read.Task.Claim?.Agent);
    });

    [Fact]
    public void An_autopilot_answers_in_the_place_of_the_agents() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);
        agents.SetAutoPilot((_, command) => command switch
        {
            AgentCommand.ReadAgent read => Decision<NoEvent>.Answer(read, new AgentReply.NotFound()),
            AgentCommand.AskSign ask => Decision<NoEvent>.Note().Tell(new Message(
                Apollo, new TaskRegistryCommand.TakeSignAge(ask.Task, ask.Token, ask.Question, TimeSpan.FromMinutes(1)))),
            _ => Decision<NoEvent>.Note(),
        });
        var task = await node.CreateTask();
        await node.AskAsync(Apollo, Claim(task, Ada, leaseSeconds: 60));

        await agents.FishUntilMessageAsync<AgentCommand.AskSign>(TimeSpan.FromMinutes(2));
        await agents.AwaitAssertAsync(async () =>
        {
            var read = Assert.IsType<TaskReply.Found>(await node.AskAsync(Apollo, new TaskRegistryCommand.ReadTask(task)));
            Assert.Null(read.Task.Claim);
        });
        Assert.IsType<AgentReply.NotFound>(await node.AskAsync(Kinds.AgentOf(Ada), new AgentCommand.ReadAgent()));
    });

    // Broken on purpose: TestProbe.IsNew always true receives the message twice.
    [Fact]
    public void A_message_is_received_once_although_the_node_is_killed_before_its_receipt_is_durable() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);
        var task = await node.CreateTask();
        var heard = 0;
        var killed = false;
        agents.SetAutoPilot((_, _) =>
        {
            heard++;
            if (!killed)
            {
                killed = true;
                node.Node.Kill();
            }

            return Decision<NoEvent>.Note();
        });

        await node.AskAsync(Apollo, Claim(task, Ada));
        await agents.AwaitConditionAsync(() => killed);
        await node.RestartAsync();
        await node.World.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(2, heard);
        Assert.Single(await agents.ReceiveNAsync(1));
        await agents.ExpectNoMsgAsync();
    });

    [Fact]
    public void Without_an_autopilot_an_ask_fails_and_the_log_says_why() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);

        await node.EventFilter.Exception<InvalidOperationException>("give it an autopilot").ExpectOneAsync(async () =>
        {
            var failed = await Assert.ThrowsAsync<ActorUnavailableException>(
                () => node.AskAsync(Kinds.AgentOf(Ada), new AgentCommand.Heartbeat()));
            Assert.Equal(Unavailable.Faulted, failed.Why);
        });
        await agents.ExpectMsgAsync(new AgentCommand.Heartbeat());
    });

    [Fact]
    public void A_probe_can_be_a_kind_of_its_own() => Run(async node =>
    {
        var probe = await node.ProbeAsAsync("listener", Notebook.Json.Commands);

        node.Node.Tell(new("listener", "any"), new NotebookCommand.Hear("hello"));

        await probe.ExpectMsgAsync(new NotebookCommand.Hear("hello"));
        Assert.Null(probe.LastSender);
    });

    [Fact]
    public void A_kind_that_the_node_does_not_have_cannot_be_replaced() => Run(async node =>
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => node.ProbeInPlaceOfAsync("agents"));

        Assert.Contains("Expected one of agent, registry, found 'agents'.", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_probe_asks_from_outside_and_receives_the_replies() => Run(async node =>
    {
        var probe = node.Probe();
        var task = await node.CreateTask();

        probe.Ask(Apollo, Claim(task, Ada));
        await probe.ExpectMsgFromAsync<ClaimReply.Granted>(Apollo);
        probe.Ask(Apollo, Claim(task, Grace));
        var refused = await probe.ExpectMsgAsync<ClaimReply.Refused>();
        node.Node.Kill();
        probe.Ask(Apollo, Claim(task, Grace));
        var failed = await probe.ExpectMsgAsync<AskFailed>();

        Assert.IsType<TaskRefusal.AlreadyClaimed>(refused.Why);
        Assert.IsType<ActorUnavailableException>(failed.Error);
    });
}
