using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit.Simulation;

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
        var database = new SimulatedDatabase(world, [], new FaultPlan(), new FaultCounts());
        var node = new SimulatedNode(
            world, database, new NodeOptions(), [ActorKind.Of<Light, LightState, LightCommand, LightEvent>()]);
        await StartAsync();
        Assert.IsType<LightReply.Done>(await Switch(on: true));
        Assert.IsType<LightReply.Already>(await Switch(on: true));

        node.Kill();
        await StartAsync();
        await world.Pass(TimeSpan.FromHours(1.01));

        Assert.IsType<LightReply.Done>(await Switch(on: true));

        Task StartAsync()
        {
            node.Start();
            return world.Pass(TimeSpan.FromSeconds(1));
        }

        Task<LightReply> Switch(bool on) => node.AskAsync(new(Light.Kind, "kitchen"), new LightCommand.Switch(on), null);
    });
}
