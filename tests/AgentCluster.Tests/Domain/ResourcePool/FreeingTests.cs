using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;

namespace AgentCluster.Tests.Domain.ResourcePool;

/// <summary>Allocations end with what they are for, and with their agents.</summary>
public sealed class FreeingTests : PoolSpec
{
    private static readonly TaskId Task = new("01KDWYX3000000000000000001");
    private static readonly FencingToken First = new((1L << 40) + 7), Second = new((1L << 40) + 8);

    [Fact]
    public void Whoever_gives_something_for_a_claim_tells_its_registry_and_for_nothing_in_particular_its_agent()
    {
        var (_, claimed) = When(new Allocate(For(Ada, First)));
        var (_, loose) = When(new Allocate(Asked(Ada, new Amount("cpu", 1))));
        var (_, pending) = When(new Allocate(For(Ada, token: null)));

        Assert.Equal([new Message(Kinds.RegistryOf("apollo"), new TaskRegistryCommand.TieResources(Task, Of(claimed), First))], claimed.Messages);
        Assert.Equal([new Message(Kinds.AgentOf(Ada), new AgentCommand.HoldResources())], loose.Messages);
        Assert.Equal(
            [new(Kinds.RegistryOf("apollo"), new TaskRegistryCommand.TieResources(Task, Of(pending))), new Message(Kinds.AgentOf(Ada), new AgentCommand.HoldResources())],
            pending.Messages);
    }

    // Broken on purpose: FreeTask without a look at the token. The word that the first claim was over took what the second was given.
    [Fact]
    public void What_was_given_to_a_later_claim_outlives_the_word_that_an_earlier_one_is_over()
    {
        var first = Of(When(new Allocate(For(Ada, First))).Turn);
        var pending = Of(When(new Allocate(For(Ada, token: null))).Turn);
        var second = Of(When(new Allocate(For(Grace, Second))).Turn);
        var other = Have(Ada, new Amount("cpu", 1)).Id;

        var turn = WhenTold(new FreeTask(Task, First));

        Assert.Equal([first, pending], turn.Events.Cast<AllocationEnded>().Select(ended => ended.Id));
        Assert.All(turn.Events, ended => Assert.Equal(AllocationEnd.TaskEnded, ((AllocationEnded)ended).End));
        Assert.Equal([new TimerChange.Cancel(new("allocation", first.Value)), new TimerChange.Cancel(new("allocation", pending.Value))], turn.Timers);
        Assert.Equal([second, other], State.Active.Select(each => each.Id));

        WhenTold(new FreeTask(Task));
        Assert.Equal([other], State.Active.Select(each => each.Id));
    }

    [Fact]
    public void What_was_given_for_something_that_was_over_already_is_free_and_told_twice_it_is_free_once()
    {
        var given = Of(When(new Allocate(For(Ada, First))).Turn);

        Assert.Single(WhenTold(new FreeAllocation(given)).Events);
        Assert.Empty(WhenTold(new FreeAllocation(given)).Events);
        Assert.Equal(100, Available("cpu"));
    }

    // Broken on purpose: FreeAgent without a look at the place. Who was back already lost what it had taken since.
    [Fact]
    public void Who_goes_offline_is_asked_about_and_what_it_took_after_the_question_stays()
    {
        var before = Have(Ada, new Amount("cpu", 1)).Id;
        var claimed = Of(When(new Allocate(For(Ada, First))).Turn);
        var graces = Have(Grace, new Amount("cpu", 1)).Id;

        var noted = WhenTold(new NoteOffline(Ada));
        Assert.Empty(noted.Events);
        Assert.Equal([new Message(Kinds.AgentOf(Ada), new AgentCommand.AskOffline(3))], noted.Messages);
        var after = Have(Ada, new Amount("cpu", 1)).Id;
        var freed = WhenTold(new FreeAgent(Ada, 3));

        Assert.Equal((before, AllocationEnd.AgentOffline), Assert.IsType<AllocationEnded>(Assert.Single(freed.Events)) is var ended ? (ended.Id, ended.End) : default);
        Assert.Equal([claimed, graces, after], State.Active.Select(each => each.Id));
    }

    [Fact]
    public void Who_has_nothing_but_what_claims_were_given_is_not_asked_about()
    {
        When(new Allocate(For(Ada, First)));

        Assert.Empty(WhenTold(new NoteOffline(Ada)).Messages);
        Assert.Empty(WhenTold(new NoteOffline(Grace)).Messages);
    }

    private Allocation For(AgentId agent, FencingToken? token) => Asked(agent, new Amount("cpu", 1)) with { Task = Task, Project = "apollo", Token = token };

    private static AllocationId Of(AgentCluster.TestKit.Behaviors.Turned<PoolEvent> turn) => ((ResourcesAllocated)turn.Events[^1]).Allocation.Id;
}
