using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit.Simulation;
using AgentCluster.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Architecture;

public sealed class OnePageActorTests
{
    [Fact]
    public void The_actor_that_the_architecture_shows_is_the_one_that_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "ARCHITECTURE.md"));
        var actor = File.ReadAllText(Path.Combine(
            Repository.Root, "tests", "AgentCluster.Tests", "Architecture", "OnePageActor.cs"));

        var shown = actor[actor.IndexOf("/// <summary>A light", StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_light_goes_off_by_itself_although_the_node_was_killed() => World.Run(async world =>
    {
        var store = new MemoryStore([], world.Clock);
        var node = await StartAsync();
        Assert.IsType<LightReply.Done>(await Switch(node, on: true));
        Assert.IsType<LightReply.Already>(await Switch(node, on: true));

        var restarted = await StartAsync();
        await world.Pass(TimeSpan.FromHours(1.01));

        Assert.IsType<LightReply.Done>(await Switch(restarted, on: true));

        ValueTask<ActorNode> StartAsync() => ActorNode.StartAsync(
            new(store, world, world.Clock, world.Random, NullLogger.Instance),
            new NodeOptions(),
            [ActorKind.Of<Light, LightState, LightCommand, LightEvent>()],
            CancellationToken.None);
    });

    private static ValueTask<LightReply> Switch(ActorNode node, bool on) =>
        node.AskAsync(new(Light.Kind, "kitchen"), new LightCommand.Switch(on), null, CancellationToken.None);
}
