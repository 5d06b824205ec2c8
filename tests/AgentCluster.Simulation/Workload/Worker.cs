using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Workload;

/// <summary>One agent at work: claims, makes progress, asks people, ends the claim in one way or another, or vanishes and comes back as a zombie.</summary>
internal sealed class Worker(Board board, Caller caller, AgentId agent)
{
    private readonly List<(ActorId Project, TaskId Task, FencingToken Token)> _old = [];
    private readonly ActorId _actor = Kinds.AgentOf(agent);
    private int _generation;

    private TimeSpan Lease => TimeSpan.FromSeconds(board.Plan.LeaseSeconds);

    public async Task RegisterAsync()
    {
        var promises = board.Has(Feature.Promises) && board.Once(2);
        await caller.AskAsync(_actor, new AgentCommand.RegisterAgent(
            new() { Name = agent.Value, HeartbeatTtlSeconds = promises ? 2 + board.World.Random.Next(10) : null }, Rotate: false));
    }

    /// <returns>Whether there was something to do.</returns>
    public async Task<bool> WorkOneAsync(ActorId project)
    {
        await HauntAsync();
        await ReintroduceAsync();
        var sentAt = board.World.Clock.Elapsed;
        if (await caller.AskAsync(project, new ClaimNext(new(agent, new(10, []), null), board.Plan.LeaseSeconds)) is not ClaimReply.Granted { Task: { } task })
        {
            return false;
        }

        board.Journal.Claims.Sign(task.Id, task.Claim!.Token, sentAt, Lease);
        if (!board.IsEnding && board.Has(Feature.AgentCrashes) && board.Once(5))
        {
            board.Counts.Reached("agent crashed");
            return true;
        }

        for (var next = task; next is not null;)
        {
            next = await WorkAsync(project, next);
        }

        return true;
    }

    private async Task<TaskView?> WorkAsync(ActorId project, TaskView task)
    {
        var token = task.Claim!.Token;
        for (var step = board.IsEnding ? 0 : board.World.Random.Next(4); step > 0; step--)
        {
            await board.World.Pass(board.Some(board.Plan.LeaseSeconds * (board.Once(4) ? 1.2 : 0.3)));
            await LiveAsync(project, task, token);
        }

        if (!board.IsEnding && board.Has(Feature.Parking) && board.Once(4))
        {
            await AskPeopleAsync(project, task, token);
        }

        if (!board.IsEnding && board.Has(Feature.Zombies) && board.Once(3))
        {
            board.Counts.Reached("vanished");
            _old.Add((project, task.Id, token));
            await board.World.Pass(board.Some(3 * board.Plan.LeaseSeconds));
            return null;
        }

        return await EndAsync(project, task, token);
    }

    private async Task LiveAsync(ActorId project, TaskView task, FencingToken token)
    {
        if (board.Has(Feature.Promises))
        {
            board.Cluster.Tell(_actor, new AgentCommand.SeeAgent());
            await BeatAsync(task.Id, token);
        }

        if (board.Once(2))
        {
            var note = board.Once(2) ? Texts.Note(board.Plan, board.World.Random, $"step {++_generation}") : null;
            var sentAt = board.World.Clock.Elapsed;
            var heard = await caller.AskAsync(project, new ReportProgress(task.Id, token, board.World.Random.Next(101), note, SomeCost()));
            if (heard is ProgressReply.Noted { CancelRequested: false })
            {
                board.Journal.Claims.Sign(task.Id, token, sentAt, Lease);
            }
        }
    }

    /// <summary>Parks the task, and waits longer than a lease, or does not care.</summary>
    private async Task AskPeopleAsync(ActorId project, TaskView task, FencingToken token)
    {
        if (await caller.AskAsync(project, new RequireInput(task.Id, token, Texts.Note(board.Plan, board.World.Random, "what now"))) is not TaskReply.Found parked)
        {
            return;
        }

        board.Questions.Add(parked.Task);
        await board.World.Pass(board.Some(board.Once(2) ? 1 : 2.5 * board.Plan.LeaseSeconds));
    }

    /// <summary>A heartbeat that was answered keeps the claim as well as progress does.</summary>
    private async Task BeatAsync(TaskId task, FencingToken token)
    {
        var sentAt = board.World.Clock.Elapsed;
        if (board.Once(2) && await caller.AskAsync(_actor, new AgentCommand.Heartbeat()) is { } heard)
        {
            board.Journal.Claims.Beat(task, token, sentAt, Lease);
            if (heard is AgentReply.Found)
            {
                board.Journal.Presence.Sign(agent, sentAt);
            }
        }
    }

    private async Task<TaskView?> EndAsync(ActorId project, TaskView task, FencingToken token)
    {
        switch (board.IsEnding ? 9 : board.World.Random.Next(10))
        {
            case 0:
                await caller.AskAsync(project, new FailTask(task.Id, token, Texts.Note(board.Plan, board.World.Random, "it broke"), board.Once(2)));
                return null;
            case 1:
                await caller.AskAsync(project, new ReleaseTask(task.Id, token, null));
                return null;
            default:
                var chain = board.Has(Feature.Chains) && board.Once(2) ? new NextClaim(new(10, []), null, board.Plan.LeaseSeconds) : null;
                var reply = await caller.AskAsync(
                    project, new CompleteTask(task.Id, token, Texts.Note(board.Plan, board.World.Random, "done"), null, [], SomeCost(), chain));
                _old.Add((project, task.Id, token));
                if (reply is CompleteReply.Completed { Task: { Review.State: ReviewState.Pending } handed })
                {
                    board.Reviews.Add(handed);
                }

                return (reply as CompleteReply.Completed)?.Next;
        }
    }

    private Cost? SomeCost() => board.Has(Feature.Budgets) && board.Once(2)
        ? new() { ActualTokens = 1 + board.World.Random.Next(60), ActualUsd = board.World.Random.Next(4) * 0.25m }
        : null;

    /// <summary>Several changes of the agent's registration at once, so that some are in flight while others are decided.</summary>
    private Task ReintroduceAsync() => board.IsEnding || !board.Once(4)
        ? Task.CompletedTask
        : Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await board.World.Pass(board.Some(0.05));
            await caller.AskAsync(_actor, new AgentCommand.RegisterAgent(
                new() { Name = agent.Value, MaxConcurrent = 10 + board.World.Random.Next(50) }, Rotate: false));
        }));

    /// <summary>Old and invented tokens: whatever comes of them, the journal's oracles see.</summary>
    private async Task HauntAsync()
    {
        if (board.IsEnding)
        {
            return;
        }

        if (board.Has(Feature.Zombies) && _old.Count > 0 && board.Once(2))
        {
            var (project, task, token) = board.Any(_old);
            board.Counts.Reached("zombie called");
            await TryEndAsync(project, task, token);
        }

        if (board.Has(Feature.Liars) && _old.Count > 0 && board.Once(3))
        {
            var (project, task, token) = board.Any(_old);
            board.Counts.Reached("liar called");
            await TryEndAsync(project, task, new(token.Value + board.World.Random.Next(4) - 1));
        }
    }

    private Task TryEndAsync(ActorId project, TaskId task, FencingToken token) => board.World.Random.Next(5) switch
    {
        0 => caller.AskAsync(project, new ReleaseTask(task, token, null)),
        1 => caller.AskAsync(project, new FailTask(task, token, "zombie", Retryable: true)),
        2 => caller.AskAsync(project, new ReportProgress(task, token, 50, "zombie", SomeCost())),
        3 when board.Has(Feature.Parking) => caller.AskAsync(project, new RequireInput(task, token, "zombie")),
        _ => caller.AskAsync(project, new CompleteTask(task, token, "zombie", null, [], SomeCost(), null)),
    };
}
