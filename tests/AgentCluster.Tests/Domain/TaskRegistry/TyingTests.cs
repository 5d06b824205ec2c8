using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>Resources that were given for tasks.</summary>
public sealed class TyingTests : TaskRegistrySpec
{
    private static readonly AllocationId Allocation = new("01KDWYX300000000000000000A");

    // Broken on purpose: Follow without what is tied to the task itself.
    [Fact]
    public void The_pool_is_told_in_the_commit_that_ends_the_claim_and_again_when_the_next_one_ends()
    {
        var task = Create();
        var first = Claim(task, Ada);
        Assert.Equal([new ResourcesTied(task, Now)], WhenTold(new TieResources(task, Allocation, first)).Events);
        Assert.Empty(WhenTold(new TieResources(task, Allocation, first)).Events);

        Assert.Equal([new PoolCommand.FreeTask(task, first)], Told(When(new ReleaseTask(task, first)).Turn));
        var second = Claim(task, Grace);
        Assert.Equal([new PoolCommand.FreeTask(task, second)], Told(When(new CompleteTask(task, second, "Done.")).Turn));
        ExpectAllAlike();
    }

    [Fact]
    public void A_task_that_nobody_held_tells_it_when_it_is_cancelled_or_deleted()
    {
        var (cancelled, deleted) = (Create(), Create());
        WhenTold(new TieResources(cancelled, Allocation));
        WhenTold(new TieResources(deleted, Allocation));

        Assert.Equal([new PoolCommand.FreeTask(cancelled)], Told(When(new CancelTask(cancelled)).Turn));
        Assert.Equal([new PoolCommand.FreeTask(deleted)], Told(When(new DeleteTasks([deleted])).Turn));
    }

    // Broken on purpose: a look at the task only. What was given to a claim that was over stayed for as long as the next one lasted.
    [Fact]
    public void What_is_over_already_is_told_at_once()
    {
        var task = Create();
        var first = Claim(task, Ada);
        When(new ReleaseTask(task, first));
        Claim(task, Grace);
        var done = Create();
        Complete(done, Claim(done, Ada));

        foreach (var late in (TieResources[])[new(task, Allocation, first), new(done, Allocation), new(NewId(), Allocation)])
        {
            var turn = WhenTold(late);
            Assert.Empty(turn.Events);
            Assert.Equal([new PoolCommand.FreeAllocation(Allocation)], Told(turn));
        }
    }

    [Fact]
    public void Nobody_is_told_of_what_was_never_given_for_it()
    {
        var task = Create();

        Assert.Empty(When(new ReleaseTask(task, Claim(task, Ada))).Turn.Messages);
        Assert.Equal(WorkStatus.Pending, Read(task).Status);
    }

    private static IEnumerable<ICommand> Told(Turned<TaskRegistryEvent> turn) =>
        turn.Messages.Where(message => message.To == Kinds.ResourcesOfAll).Select(message => message.Command);
}
