using System.Reflection;
using System.Text.Json.Serialization;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>Who follows a task, an epic or an agent hears of every event that is about it.</summary>
public sealed class ChannelTests : TaskRegistrySpec
{
    // Broken on purpose: IOfTask taken from TaskFailed.
    [Fact]
    public void An_event_that_names_a_task_or_an_epic_says_so()
    {
        var named = typeof(TaskRegistryEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => derived.DerivedType);

        Assert.All(named, type =>
        {
            Assert.True(
                type.GetProperty("Task")?.PropertyType != typeof(TaskId) || type.IsAssignableTo(typeof(IOfTask)),
                $"{type.Name} is about a task: make it {nameof(IOfTask)}, so that its followers hear of it.");
            Assert.True(
                type.GetProperty("Epic")?.PropertyType != typeof(EpicId) || type.IsAssignableTo(typeof(IOfEpic)),
                $"{type.Name} is about an epic: make it {nameof(IOfEpic)}, so that its followers hear of it.");
        });
    }

    // Broken on purpose: the agent taken from the state after the event.
    [Fact]
    public void The_end_of_a_claim_is_heard_by_those_who_follow_its_agent()
    {
        var task = Create();
        var token = Claim(task, Ada);

        var channels = ChannelsOf(new TaskRegistryCommand.FailTask(task, token, "Broken.", Retryable: false));

        Assert.Equal([$"task:{task}\nagent:ada", $"task:{task}\nagent:ada"], channels);
    }

    [Fact]
    public void A_claim_is_heard_by_those_who_follow_the_agent_that_gets_it()
    {
        var task = Create();

        Assert.Equal([$"task:{task}\nagent:grace"], ChannelsOf(new TaskRegistryCommand.ClaimTask(task, By(Grace), Lease)));
    }

    [Fact]
    public void What_happens_to_an_epics_task_is_heard_by_those_who_follow_the_epic()
    {
        var (task, epic) = (NewId(), new EpicId("01KDWYX300000000000000000E"));
        Given(new EpicCreated(epic, new() { Title = "Parser" }, Now), new TaskCreated(task, new() { Title = "Parse", EpicId = epic }, 1, Now));

        Assert.Equal([$"task:{task}\nepic:{epic}\nagent:ada", $"epic:{epic}"], ChannelsOf(new TaskRegistryCommand.ClaimTask(task, By(Ada), Lease)));
        Assert.Equal(
            $"task:{task}\nepic:{epic}",
            TaskRegistryBehavior.Channels(TaskRegistryBehavior.Initial("apollo"), new TaskCreated(task, new() { Title = "Parse", EpicId = epic }, 1, Now)));
    }

    private IEnumerable<string> ChannelsOf(TaskRegistryCommand command)
    {
        var before = State;
        var decision = TaskRegistryBehavior.Decide(before, command, new(Now, TimeSpan.Zero, 1));
        return [.. decision.Events.Select(happened => TaskRegistryBehavior.Channels(before, happened))];
    }
}
