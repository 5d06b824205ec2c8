using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>One agent at work: claims, makes progress, ends the claim in one way or another, or vanishes and comes back as a zombie.</summary>
internal sealed class Worker(
    World world, SimulatedNode node, Plan plan, Caller caller, AgentId agent, JournalOracle journal, FaultCounts counts, Func<bool> isEnding)
{
    private readonly List<(ActorId Project, TaskId Task, FencingToken Token)> _old = [];
    private int _generation;

    private TimeSpan Lease => TimeSpan.FromSeconds(plan.LeaseSeconds);

    public async Task WorkOneAsync(ActorId project)
    {
        await HauntAsync();
        await ReintroduceAsync();
        var sentAt = world.Clock.Elapsed;
        var claim = await caller.AskAsync(
            project, new TaskRegistryCommand.ClaimNext(new(agent, new(10, []), null), plan.LeaseSeconds));
        if (claim is not ClaimReply.Granted { Task: { } task })
        {
            return;
        }

        journal.Sign(task.Id, task.Claim!.Token, sentAt, Lease);
        if (!isEnding() && plan.Features.Contains(Feature.AgentCrashes) && world.Random.Once(5))
        {
            counts.Reached("agent crashed");
            return;
        }

        for (var next = task; next is not null;)
        {
            next = await WorkAsync(project, next);
        }
    }

    private async Task<TaskView?> WorkAsync(ActorId project, TaskView task)
    {
        var token = task.Claim!.Token;
        for (var step = isEnding() ? 0 : world.Random.Next(4); step > 0; step--)
        {
            await world.Pass(Some(plan.LeaseSeconds * (world.Random.Once(4) ? 1.2 : 0.3)));
            await LiveAsync(project, task, token);
        }

        if (!isEnding() && plan.Features.Contains(Feature.Zombies) && world.Random.Once(3))
        {
            counts.Reached("vanished");
            _old.Add((project, task.Id, token));
            await world.Pass(Some(3 * plan.LeaseSeconds));
            return null;
        }

        return await EndAsync(project, task, token);
    }

    private async Task LiveAsync(ActorId project, TaskView task, FencingToken token)
    {
        if (plan.Features.Contains(Feature.Promises))
        {
            node.Tell(Kinds.AgentOf(agent), new AgentCommand.SeeAgent());
            await BeatAsync(task.Id, token);
        }

        if (world.Random.Once(2))
        {
            var note = world.Random.Once(2) ? Texts.Note(plan, world.Random, $"step {++_generation}") : null;
            var sentAt = world.Clock.Elapsed;
            var heard = await caller.AskAsync(project, new TaskRegistryCommand.ReportProgress(task.Id, token, world.Random.Next(101), note, null));
            if (heard is ProgressReply.Noted { CancelRequested: false })
            {
                journal.Sign(task.Id, token, sentAt, Lease);
            }
        }
    }

    /// <summary>A heartbeat that was answered keeps the claim as well as progress does.</summary>
    private async Task BeatAsync(TaskId task, FencingToken token)
    {
        var sentAt = world.Clock.Elapsed;
        if (world.Random.Once(2) && await caller.AskAsync(Kinds.AgentOf(agent), new AgentCommand.Heartbeat()) is not null)
        {
            journal.Beat(task, token, sentAt, Lease);
        }
    }

    private async Task<TaskView?> EndAsync(ActorId project, TaskView task, FencingToken token)
    {
        switch (isEnding() ? 9 : world.Random.Next(10))
        {
            case 0:
                await caller.AskAsync(project, new TaskRegistryCommand.FailTask(task.Id, token, Texts.Note(plan, world.Random, "it broke"), world.Random.Once(2)));
                return null;
            case 1:
                await caller.AskAsync(project, new TaskRegistryCommand.ReleaseTask(task.Id, token, null));
                return null;
            default:
                var chain = plan.Features.Contains(Feature.Chains) && world.Random.Once(2)
                    ? new NextClaim(new(10, []), null, plan.LeaseSeconds)
                    : null;
                var reply = await caller.AskAsync(
                    project, new TaskRegistryCommand.CompleteTask(task.Id, token, Texts.Note(plan, world.Random, "done"), null, [], null, chain));
                _old.Add((project, task.Id, token));
                return (reply as CompleteReply.Completed)?.Next;
        }
    }

    /// <summary>Several changes of the agent's registration at once, so that some are in flight while others are decided.</summary>
    private Task ReintroduceAsync() => isEnding() || !world.Random.Once(4)
        ? Task.CompletedTask
        : Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await world.Pass(Some(0.05));
            await caller.AskAsync(Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(
                new() { Name = agent.Value, MaxConcurrent = 10 + world.Random.Next(50) }, Rotate: false));
        }));

    /// <summary>Old and invented tokens: whatever comes of them, the journal's oracle sees.</summary>
    private async Task HauntAsync()
    {
        if (isEnding())
        {
            return;
        }

        if (plan.Features.Contains(Feature.Zombies) && _old.Count > 0 && world.Random.Once(2))
        {
            var (project, task, token) = _old[world.Random.Next(_old.Count)];
            counts.Reached("zombie called");
            await TryEndAsync(project, task, token);
        }

        if (plan.Features.Contains(Feature.Liars) && _old.Count > 0 && world.Random.Once(3))
        {
            var (project, task, token) = _old[world.Random.Next(_old.Count)];
            counts.Reached("liar called");
            await TryEndAsync(project, task, new(token.Value + world.Random.Next(4) - 1));
        }
    }

    private Task TryEndAsync(ActorId project, TaskId task, FencingToken token) => world.Random.Next(4) switch
    {
        0 => caller.AskAsync(project, new TaskRegistryCommand.ReleaseTask(task, token, null)),
        1 => caller.AskAsync(project, new TaskRegistryCommand.FailTask(task, token, "zombie", Retryable: true)),
        2 => caller.AskAsync(project, new TaskRegistryCommand.ReportProgress(task, token, 50, "zombie", null)),
        _ => caller.AskAsync(project, new TaskRegistryCommand.CompleteTask(task, token, "zombie", null, [], null, null)),
    };

    private TimeSpan Some(double seconds) => TimeSpan.FromSeconds(seconds * world.Random.NextDouble());
}
