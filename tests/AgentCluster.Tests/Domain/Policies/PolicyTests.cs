using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.Policies.PolicyCommand;

namespace AgentCluster.Tests.Domain.Policies;

public sealed class PolicyTests() : BehaviorSpec<PolicyBehavior, PolicyState, PolicyCommand, PolicyEvent>("cluster")
{
    private static readonly AgentId Ada = new("ada"), Grace = new("grace");
    private static readonly TaskId Task = new("01KDWYX3000000000000000001"), Other = new("01KDWYX3000000000000000002");
    private static readonly PolicyLimits Limits = new() { MaxConcurrentAgents = 2, ResourceLimit = [new("cpu", 4)], Wip = [new("apollo", 5)] };
    private static readonly PolicyFacts Fine = new()
    {
        Agents = [Ada],
        OthersWorking = 1,
        Required = ["sql"],
        Capabilities = ["sql", "ui"],
        Amounts = [new("cpu", 3), new("memory", 64)],
        Held = [new(Ada, new("cpu", 1)), new(Grace, new("cpu", 4))],
        Pools = Pool.Defaults,
        Project = "apollo",
        TasksHeld = 4,
    };

    // Broken on purpose: ">=" for ">" at the agents and at the resources.
    [Fact]
    public void What_just_fits_is_no_violation() => Assert.Empty(Check(Limits, Fine));

    // Broken on purpose: ">" for ">=" at the tasks of a project.
    [Fact]
    public void Everything_that_goes_too_far_is_said_with_its_figures()
    {
        var facts = Fine with
        {
            OthersWorking = 2,
            Required = ["sql", "rust"],
            Amounts = [new("cpu", 3.5m), new("gpu", 1), new("memory", 65)],
            DependsOn = [new(Task, "running"), new(Other, null)],
            TasksHeld = 5,
        };

        Assert.Equal(
            [
                "max_agents_exceeded 2 3: 1 agents beside 2 that work already are 3; at most 2 may work at a time.",
                "insufficient_capabilities  : None of 'ada' can do rust: 1 of 2 required capabilities are missing.",
                "resource_limit_exceeded 4 4.5: 'ada' would have 4.5 cores of cpu; at most 4 may be had at a time.",
                "resource_limit_exceeded 0 1: There is no resource 'gpu'.",
                "resource_limit_exceeded 64 65: 'ada' would have 65 GB of memory; at most 64 may be had at a time.",
                $"dependency_violation  : It depends on {Task}, which is running; expected completed.",
                $"dependency_violation  : It depends on {Other}, and there is no such task.",
                "wip_limit_exceeded 5 6: 5 tasks of the project 'apollo' are held; at most 5 may be at a time.",
            ],
            Check(Limits, facts).Select(each => FormattableString.Invariant($"{each.Code.Word()} {each.Limit} {each.Found}: {each.Detail}")));
    }

    [Fact]
    public void Each_agent_is_held_against_what_it_has_itself()
    {
        var found = Check(Limits, Fine with { Agents = [Ada, Grace], OthersWorking = 0 });

        Assert.Equal((ViolationCode.ResourceLimitExceeded, Grace, 7m), Assert.Single(found) is var one ? (one.Code, one.Agent!.Value, one.Found!.Value) : default);
    }

    [Fact]
    public void Without_limits_only_what_cannot_be_is_said()
    {
        Assert.Empty(Check(new(), Fine with { OthersWorking = 1_000, TasksHeld = 1_000, Amounts = [new("cpu", 99)] }));
        Assert.Single(Check(new(), Fine with { Amounts = [new("cpu", 99.5m)] }));
        Assert.Empty(Check(Limits, new() { OthersWorking = 1_000 }));
    }

    // Broken on purpose: only those who have a limit now are told. A project whose limit was taken away kept it for ever.
    [Fact]
    public void Whoever_has_another_limit_than_before_is_told_also_that_there_is_none_any_more()
    {
        var (reply, first) = When(new SetPolicy(Limits));
        Assert.Equal(Limits, reply.Limits);
        Assert.Equal([new(Kinds.ResourcesOfAll, new PoolCommand.LimitAgents(Limits.ResourceLimit)), Limit("apollo", 5)], first.Messages);
        Assert.Empty(When(new SetPolicy(Limits)).Turn.Events);

        Assert.Equal([Limit("apollo", null), Limit("gemini", 1)], When(new SetPolicy(Limits with { Wip = [new("gemini", 1)] })).Turn.Messages);
        Assert.Equal([new(Kinds.ResourcesOfAll, new PoolCommand.LimitAgents([])), Limit("gemini", null)], When(new SetPolicy(new())).Turn.Messages);
        Assert.Equal(new(), When(new ReadPolicy()).Reply.Limits);
        Assert.Equal(State, Folded());
    }

    private static Message Limit(string project, int? most) => new(Kinds.RegistryOf(project), new TaskRegistryCommand.LimitWork(most));

    private ValueList<Violation> Check(PolicyLimits limits, PolicyFacts facts)
    {
        State = new(limits);
        return When(new CheckPolicy(facts)).Reply.Violations;
    }
}
