using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Probes;
using static AgentCluster.Tests.TestKit.DomainNode;

namespace AgentCluster.Tests.TestKit;

/// <summary>Each word of a probe, working and failing.</summary>
public sealed class ProbeWordTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void ExpectMsg_takes_the_next_message_of_a_type() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two");

        Assert.Equal("one", (await probe.ExpectMsgAsync<AgentCommand.WatchAgent>()).Project);
        await probe.ExpectMsgAsync<AgentCommand.WatchAgent>(watch => watch.Project == "two");
        Assert.False(probe.HasMessages);
    });

    [Fact]
    public void ExpectMsg_fails_when_nothing_comes_and_says_when_and_in_which_run() => WithProbe(async (node, probe) =>
    {
        var before = node.World.Clock.Elapsed;
        var failed = await Fails(() => probe.ExpectMsgAsync<AgentCommand.AskSign>());

        Assert.Equal(TestProbe.DefaultTimeout, node.World.Clock.Elapsed - before);
        Assert.StartsWith("Expected AskSign within 00:00:03, found nothing.\n  mailbox: empty\n  seed=1  t=00:00:0", failed, StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectMsg_fails_at_once_on_another_message_and_shows_the_mailbox() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two", "three");
        var before = node.World.Clock.Elapsed;

        var failed = await Fails(() => probe.ExpectMsgAsync<AgentCommand.AskSign>());

        Assert.Equal(before, node.World.Clock.Elapsed);
        Assert.StartsWith("Expected AskSign, found WatchAgent { Project = one }.\n  mailbox:\n", failed, StringComparison.Ordinal);
        Assert.Matches(@"    \S+ to agent/ada: WatchAgent \{ Project = two \}\n    \S+ to agent/ada: WatchAgent \{ Project = three \}\n  seed=", failed);
        Assert.Contains(
            "Expected WatchAgent that matches, found WatchAgent { Project = two }.",
            await Fails(() => probe.ExpectMsgAsync<AgentCommand.WatchAgent>(_ => false)),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectMsg_compares_whole_messages() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two");

        await probe.ExpectMsgAsync(Watch("one"));
        Assert.Contains(
            "Expected WatchAgent { Project = one }, found WatchAgent { Project = two }.",
            await Fails(() => probe.ExpectMsgAsync(Watch("one"))),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectMsgFrom_fails_on_another_sender() => Run(async node =>
    {
        var agents = await node.ProbeInPlaceOfAsync(Kinds.Agent);
        await node.AskAsync(Apollo, Claim(await node.CreateTask(), Ada));

        Assert.Contains(
            "Expected WatchAgent from registry/gemini, found WatchAgent { Project = apollo } from registry/apollo.",
            await Fails(() => agents.ExpectMsgFromAsync<AgentCommand.WatchAgent>(Kinds.RegistryOf("gemini"))),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectMsgAllOf_takes_them_in_any_order() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two", "two", "three");

        await probe.ExpectMsgAllOfAsync(Watch("two"), Watch("one"), Watch("two"));
        Assert.Contains(
            "Expected all of WatchAgent { Project = two }, found WatchAgent { Project = three }.",
            await Fails(() => probe.ExpectMsgAllOfAsync(Watch("two"))),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectMsgAnyOf_takes_one_of_them() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two");

        Assert.Equal(Watch("one"), await probe.ExpectMsgAnyOfAsync(Watch("three"), Watch("one")));
        Assert.Contains(
            "Expected any of WatchAgent { Project = three }, WatchAgent { Project = one }, found WatchAgent { Project = two }.",
            await Fails(() => probe.ExpectMsgAnyOfAsync(Watch("three"), Watch("one"))),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ExpectNoMsg_waits_all_of_its_time_and_fails_on_the_first_message() => WithProbe(async (node, probe) =>
    {
        var before = node.World.Clock.Elapsed;
        await probe.ExpectNoMsgAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), node.World.Clock.Elapsed - before);

        var late = node.World.Start(async () =>
        {
            await node.World.Pass(Second);
            await Tell(node, "late");
        });
        var failed = await Fails(() => probe.ExpectNoMsgAsync(2 * Second));
        await late;

        Assert.StartsWith("Expected no message for 00:00:02, found WatchAgent { Project = late } after 00:00:01", failed, StringComparison.Ordinal);
        Assert.True(probe.HasMessages);
    });

    [Fact]
    public void ReceiveOne_and_PeekOne_find_nothing_without_failing() => WithProbe(async (node, probe) =>
    {
        Assert.Null(await probe.ReceiveOneAsync());
        Assert.Null(await probe.PeekOneAsync(Second));

        await Tell(node, "one");

        Assert.Equal(Watch("one"), await probe.PeekOneAsync());
        Assert.Equal(Watch("one"), await probe.ReceiveOneAsync());
        Assert.Equal(Watch("one"), probe.LastMessage);
        Assert.False(probe.HasMessages);
    });

    [Fact]
    public void ReceiveN_fails_when_fewer_come() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two", "three");

        Assert.Equal([Watch("one"), Watch("two")], await probe.ReceiveNAsync(2));
        Assert.Contains(
            "Expected 2 messages within 00:00:01, found 1: WatchAgent { Project = three }.",
            await Fails(() => probe.ReceiveNAsync(2, Second)),
            StringComparison.Ordinal);
    });

    [Fact]
    public void ReceiveWhile_leaves_the_message_that_ends_it() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two", "stop", "after");

        var taken = await probe.ReceiveWhileAsync<AgentCommand.WatchAgent>(watch => watch.Project != "stop");

        Assert.Equal(["one", "two"], taken.Select(watch => watch.Project));
        await probe.ExpectMsgAsync(Watch("stop"));
        var before = node.World.Clock.Elapsed;
        Assert.Single(await probe.ReceiveWhileAsync<AgentCommand.WatchAgent>(idle: Second));
        Assert.Equal(Second, node.World.Clock.Elapsed - before);
    });

    [Fact]
    public void Fishing_drops_what_comes_before() => WithProbe(async (node, probe) =>
    {
        await Tell(node, "one", "two", "three");

        await probe.FishForMessageAsync<AgentCommand.WatchAgent>(watch => watch.Project == "two");
        Assert.Contains(
            "Fished 00:00:03 for AskSign and found WatchAgent { Project = three }.",
            await Fails(() => probe.FishUntilMessageAsync<AgentCommand.AskSign>()),
            StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_ignored_is_not_received() => WithProbe(async (node, probe) =>
    {
        probe.IgnoreMessages(message => message is AgentCommand.WatchAgent { Project: "noise" });
        await Tell(node, "noise", "one");
        await probe.ExpectMsgAsync(Watch("one"));
        await probe.ExpectNoMsgAsync();

        probe.IgnoreNoMessages();
        await Tell(node, "noise");
        await probe.ExpectMsgAsync(Watch("noise"));
    });

    [Fact]
    public void Within_gives_the_words_inside_what_is_left_of_its_time() => WithProbe(async (node, probe) =>
    {
        var before = node.World.Clock.Elapsed;
        await Fails(() => probe.WithinAsync(10 * Second, async () =>
        {
            await probe.ExpectNoMsgAsync(4 * Second);
            await probe.ExpectMsgAsync<object>();
        }));
        Assert.Equal(10 * Second, node.World.Clock.Elapsed - before);

        await probe.WithinAsync(Second, 2 * Second, () => node.World.Pass(Second));
        Assert.Contains(
            "Expected the block to take 00:00:01 to 00:00:02, it took 00:00:00.",
            await Fails(() => probe.WithinAsync(Second, 2 * Second, () => Task.CompletedTask)),
            StringComparison.Ordinal);
        Assert.Contains(
            "Expected the block to take at most 00:00:01, it took 00:00:02.",
            await Fails(() => probe.WithinAsync(Second, () => node.World.Pass(2 * Second))),
            StringComparison.Ordinal);
    });

    [Fact]
    public void AwaitAssert_tries_until_it_holds_and_tells_the_last_failure() => WithProbe(async (node, probe) =>
    {
        var tries = 0;
        await probe.AwaitAssertAsync(() => Assert.Equal(3, ++tries));
        Assert.Equal(3, tries);

        var failed = await Assert.ThrowsAsync<ExpectationFailedException>(
            () => probe.AwaitAssertAsync(() => Assert.Fail("never so"), Second, Second / 4));
        Assert.StartsWith("Expected the assertion to hold within 00:00:01, it last failed with: never so", failed.Message, StringComparison.Ordinal);
        Assert.Equal("never so", failed.InnerException?.Message);
    });

    [Fact]
    public void AwaitCondition_waits_until_it_is_so() => WithProbe(async (node, probe) =>
    {
        var from = node.World.Clock.Elapsed;
        await probe.AwaitConditionAsync(() => node.World.Clock.Elapsed >= from + Second);

        Assert.StartsWith(
            "Expected the condition to hold within 00:00:01, it never did.",
            await Fails(() => probe.AwaitConditionAsync(() => false, Second)),
            StringComparison.Ordinal);
    });

    [Fact]
    public void EventFilter_expects_so_many_lines_of_the_log() => WithProbe(async (node, probe) =>
    {
        Task Bug() => Assert.ThrowsAsync<Actors.ActorUnavailableException>(
            () => node.AskAsync(Kinds.AgentOf(Ada), new AgentCommand.Heartbeat()));

        Assert.Equal(1200, (await node.EventFilter.Error("threw while deciding").ExpectOneAsync(Bug)).EventId);
        await node.EventFilter.Warning().ExpectAsync(0, Bug);
        var failed = await Fails(() => node.EventFilter.Error("quarantined").ExpectOneAsync(Bug));

        Assert.StartsWith("Expected 1 × error with 'quarantined', found 0.\n  log, newest first:\n", failed, StringComparison.Ordinal);
        Assert.Matches(@"Error 1200: agent/ada \(shard \d+\) threw while deciding Heartbeat", failed);
        Assert.StartsWith(
            "Expected 0 × error with '', found 1.",
            await Fails(() => node.EventFilter.Error().ExpectAsync(0, Bug)),
            StringComparison.Ordinal);
    });

    private static void WithProbe(Func<TestNode, TestProbe, Task> test) =>
        Run(async node => await test(node, await node.ProbeInPlaceOfAsync(Kinds.Agent)));

    private static AgentCommand.WatchAgent Watch(string project) => new(project);

    /// <summary>Tells the probe one after the other: what is sent at one moment arrives in an order that the seed chooses.</summary>
    private static async Task Tell(TestNode node, params string[] projects)
    {
        foreach (var project in projects)
        {
            node.Node.Tell(Kinds.AgentOf(Ada), Watch(project));
            await node.World.Pass(TimeSpan.FromMilliseconds(50));
        }
    }

    private static async Task<string> Fails(Func<Task> word) => (await Assert.ThrowsAsync<ExpectationFailedException>(word)).Message;
}
