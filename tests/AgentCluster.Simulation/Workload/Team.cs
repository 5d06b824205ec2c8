using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;

namespace AgentCluster.Simulation.Workload;

/// <summary>All who work on a run's projects, side by side.</summary>
internal sealed class Team(Board board)
{
    private readonly People _people = new(board);
    private readonly List<Task> _others = [];

    public async Task WorkAsync()
    {
        Planner planner = new(board);
        if (board.Has(Feature.Epics))
        {
            await planner.PlanAsync();
        }

        Creator creator = new(board);
        await creator.CreateAsync(board.Plan.Tasks);
        List<Task> all = [.. Enumerable.Range(1, board.Plan.Agents).Select(number => WorkAsync($"a{number}"))];
        _others.Add(LookAsync());
        Also(Feature.Cancels, CancelAsync);
        Also(Feature.Creators, creator.GoOnAsync);
        Also(Feature.Floods, FloodAsync);
        Also(Feature.Epics, planner.GoOnAsync);
        Also(Feature.Parking, _people.AnswerAsync);
        Also(Feature.Reviews, _people.ReviewAsync);
        Also(Feature.Edits, _people.EditAsync);
        Also(Feature.Edits, new People(board).EditAsync);
        Also(Feature.Masses, new Planner(board).MassAsync);
        Also(Feature.Deserters, new Deserter(board, new("d1")).WorkAsync);
        Also(Feature.Mail, WriteAsync);
        Also(Feature.Reservations, ReserveAsync);
        await Task.WhenAll([.. all, .. _others]);

        void Also(Feature feature, Func<Task> work)
        {
            if (board.Has(feature))
            {
                _others.Add(work());
            }
        }
    }

    /// <summary>
    /// Faults have stopped: within ten leases every task must have ended (liveness). Throws otherwise, saying what each
    /// open task waits for.
    /// </summary>
    public async Task EndAsync(Task work)
    {
        board.IsEnding = true;
        await FindOutAsync();

        // Some were created by who never heard of it, and work on them was handed in: what is reserved for it waits for people too.
        board.Tasks.AddRange(board.Journal.Reservations.Tasks.Except(board.Tasks).ToList());
        var patience = TimeSpan.FromSeconds((10 * board.Plan.LeaseSeconds) + 300);
        var late = board.World.Pass(patience);
        var ended = new TaskCompletionSource();
        _ = EndOf(work, ended);
        _ = EndOf(late, ended);
        await ended.Task;
        if (!work.IsCompleted)
        {
            throw new ViolationException("L1 liveness", $"work goes on {patience} after faults stopped: {await OpenAsync()}");
        }

        await work;
    }

    /// <summary>Something is written: only a write tells a node for certain that the database was rolled back.</summary>
    private async Task FindOutAsync() => await board.CallerOf("operator").AskAsync(
        Kinds.AgentOf(new("operator")), new AgentCommand.RegisterAgent(new() { Name = "operator" }, Rotate: false));

    private static async Task EndOf(Task task, TaskCompletionSource ended)
    {
        try
        {
            await task;
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private async Task<string> OpenAsync()
    {
        List<string> open = [];
        foreach (var task in board.Tasks)
        {
            if (await board.CallerOf("reader").ReadAsync(board.HomeOf(task.Value), task) is TaskReply.Found { Task: { } view } && view.Status.IsOpen())
            {
                open.Add($"{task} {view.Status} attempt {view.Attempt} claim {view.Claim} epic {view.Spec.EpicId} review {view.Review}");
            }
        }

        open.AddRange(board.Journal.Reservations.All.Select(each => $"reservation {each.Id} of {each.Agent} in {each.Repository}"));
        return $"{string.Join("; ", open)}; node up: {board.Cluster.IsUp}; {await board.Cluster.DescribeAsync(board.Projects)}";
    }

    private async Task WorkAsync(string name)
    {
        var caller = board.CallerOf(name);
        Worker worker = new(board, caller, new(name));
        await worker.RegisterAsync();
        for (var rest = 0.5; ; rest = Math.Min(rest * 1.5, 5))
        {
            if (board.IsEnding)
            {
                if (await board.NextOpenAsync(caller) is { } open)
                {
                    await _people.HelpAsync(open);
                }
                else if (_others.TrueForAll(other => other.IsCompleted))
                {
                    // Before that, somebody may still make work, or wait for what others have.
                    return;
                }
            }

            foreach (var project in board.Projects)
            {
                rest = await worker.WorkOneAsync(project) ? 0.5 : rest;
            }

            await board.World.Pass(board.Some(board.IsEnding ? rest : 3));
        }
    }

    private Task WriteAsync()
    {
        List<AgentId> all = [.. Enumerable.Range(1, 2 + board.World.Random.Next(3)).Select(number => new AgentId($"c{number}"))];
        return Task.WhenAll(all.Select(agent => new Correspondent(board, agent, all).WriteAsync()));
    }

    private Task ReserveAsync()
    {
        ActorId[] repositories = [.. Enumerable.Range(1, 1 + board.World.Random.Next(2)).Select(number => Kinds.DetectorOf($"r{number}"))];
        return Task.WhenAll(Enumerable.Range(1, 2 + board.World.Random.Next(3))
            .Select(number => new Reserver(board, new AgentId($"e{number}"), repositories).WorkAsync()));
    }

    private async Task LookAsync()
    {
        var caller = board.CallerOf("reader");
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(1));
            if (board.Tasks.Count > 0)
            {
                await board.ReadAsync(caller, board.Any(board.Tasks));
            }
        }
    }

    private async Task CancelAsync()
    {
        var caller = board.CallerOf("canceller");
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(20));
            if (board.Tasks.Count > 0 && board.Once(2))
            {
                var task = board.Any(board.Tasks);
                await caller.AskAsync(board.HomeOf(task.Value), new TaskRegistryCommand.CancelTask(task, "the simulation"));
            }
        }
    }

    /// <summary>More at once than a mailbox takes: each of them is done in the end, and no more than once.</summary>
    private async Task FloodAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(20));
            board.Counts.Reached("flooded");
            var agent = new AgentId($"flood{board.World.Random.Next(3)}");
            await Task.WhenAll(Enumerable.Range(0, 5 + board.World.Random.Next(40)).Select(number => board.CallerOf("flood").AskAsync(
                Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(new() { Name = agent.Value, MaxConcurrent = 1 + number }, Rotate: false))));
        }
    }
}
