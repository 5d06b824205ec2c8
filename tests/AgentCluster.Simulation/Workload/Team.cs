using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>Those who create the tasks, work on them, read, cancel, vanish and lie.</summary>
internal sealed class Team
{
    private readonly World _world;
    private readonly SimulatedNode _node;
    private readonly Plan _plan;
    private readonly CallerOracle _oracle;
    private readonly JournalOracle _journal;
    private readonly FaultCounts _counts;
    private readonly List<TaskId> _tasks = [];
    private readonly Dictionary<TaskId, Func<Task<CreateReply?>>> _creations = [];
    private readonly List<Caller> _callers = [];
    private readonly ActorId[] _projects;
    private int _minted;

    public Team(World world, SimulatedNode node, Plan plan, CallerOracle oracle, JournalOracle journal, FaultCounts counts)
    {
        (_world, _node, _plan, _oracle, _journal, _counts) = (world, node, plan, oracle, journal, counts);
        _projects = [.. Enumerable.Range(1, plan.Projects).Select(number => Kinds.RegistryOf($"p{number}"))];
    }

    /// <summary>Set when faults have stopped: from then on everybody is honest and in a hurry.</summary>
    private bool IsEnding { get; set; }

    public async Task WorkAsync()
    {
        await CreateAsync(CallerOf("creator"), _plan.Tasks);
        List<Task> all = [.. Enumerable.Range(1, _plan.Agents).Select(number => WorkAsync($"a{number}"))];
        all.Add(LookAsync());
        if (_plan.Features.Contains(Feature.Cancels))
        {
            all.Add(CancelAsync());
        }

        if (_plan.Features.Contains(Feature.Creators))
        {
            all.Add(CreateMoreAsync());
        }

        if (_plan.Features.Contains(Feature.Floods))
        {
            all.Add(FloodAsync());
        }

        await Task.WhenAll(all);
    }

    /// <summary>
    /// Faults have stopped: within ten leases every task must have ended (liveness). Throws otherwise, saying what each
    /// open task waits for.
    /// </summary>
    public async Task EndAsync(Task work)
    {
        IsEnding = true;
        await FindOutAsync();
        var patience = TimeSpan.FromSeconds((10 * _plan.LeaseSeconds) + 300);
        var late = _world.Pass(patience);
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
    private async Task FindOutAsync() => await CallerOf("operator").AskAsync(
        Kinds.AgentOf(new("operator")), new AgentCommand.RegisterAgent(new() { Name = "operator" }, Rotate: false));

    /// <summary>Reads a task that was created; when it was lost in a rollback, its creator repeats itself with the same key.</summary>
    private async Task<TaskView?> ReadAsync(Caller caller, TaskId task)
    {
        var reply = await caller.ReadAsync(HomeOf(task), task);
        if (reply is TaskReply.Refused)
        {
            _counts.Reached("lost and repeated");
            await _creations[task]();
        }

        return (reply as TaskReply.Found)?.Task;
    }

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
        foreach (var task in _tasks)
        {
            if (await CallerOf("reader").ReadAsync(HomeOf(task), task) is TaskReply.Found { Task: { } view } && !HasEnded(view.Status))
            {
                open.Add($"{task} {view.Status} attempt {view.Attempt} claim {view.Claim}");
            }
        }

        return $"{string.Join("; ", open)}; node up: {_node.IsUp}; {await _node.DescribeAsync(_projects)}";
    }

    private ActorId HomeOf(TaskId task) => _projects[int.Parse(task.Value[^1..], System.Globalization.CultureInfo.InvariantCulture) % _projects.Length];

    private Caller CallerOf(string principal)
    {
        var caller = new Caller(_world, _node, _plan, _oracle, $"{principal}.{_callers.Count}");
        _callers.Add(caller);
        return caller;
    }

    private async Task CreateMoreAsync()
    {
        var caller = CallerOf("creator");
        while (!IsEnding)
        {
            await _world.Pass(Some(10));
            await CreateAsync(caller, 1 + _world.Random.Next(3));
        }
    }

    private async Task CreateAsync(Caller caller, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var task = new TaskId(Ulid.New(_world.Clock.GetUtcNow(), (UInt128)(++_minted)));
            var home = HomeOf(Normal(ref task));
            TaskId[] before = [.. _tasks.Where(other => HomeOf(other) == home)];
            var depends = _plan.Features.Contains(Feature.Dependencies) && before.Length > 0 && _world.Random.Once(2)
                ? new TaskId[] { before[_world.Random.Next(before.Length)] }
                : [];
            var spec = new TaskSpec
            {
                Title = Texts.Title(_plan, _world.Random, $"task {_minted}"),
                Priority = (Priority)_world.Random.Next(5),
                MaxAttempts = 1 + _world.Random.Next(5),
            };
            var (create, id) = (new TaskRegistryCommand.CreateTasks([new(task, spec, [.. depends])]), caller.NewId());
            var reply = await caller.AskAsync(home, create, id);
            if (reply is CreateReply.Created)
            {
                _tasks.Add(task);
                _creations[task] = () => caller.AskAsync(home, create, id);
            }
            else if (reply is null)
            {
                // Given up on: whether it exists is open, so nobody counts on it.
                _counts.Reached("create given up");
            }
        }
    }

    /// <summary>The last digit of an id says its project, so that its home is known without asking.</summary>
    private static TaskId Normal(ref TaskId task)
    {
        var last = task.Value[^1];
        return task = new(char.IsAsciiDigit(last) ? task.Value : task.Value[..^1] + (last % 10));
    }

    private async Task WorkAsync(string name)
    {
        var agent = new AgentId(name);
        var caller = CallerOf(name);
        var promises = _plan.Features.Contains(Feature.Promises) && _world.Random.Once(2);
        await caller.AskAsync(Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(
            new() { Name = name, HeartbeatTtlSeconds = promises ? 2 + _world.Random.Next(10) : null }, Rotate: false));
        var worker = new Worker(_world, _node, _plan, caller, agent, _journal, _counts, () => IsEnding);
        while (!IsEnding || await IsOpenAsync(caller))
        {
            foreach (var project in _projects)
            {
                await worker.WorkOneAsync(project);
            }

            await _world.Pass(Some(IsEnding ? 0.5 : 3));
        }
    }

    private async Task<bool> IsOpenAsync(Caller caller)
    {
        foreach (var task in _tasks.ToArray())
        {
            var view = await ReadAsync(caller, task);
            for (; view is null; view = await ReadAsync(caller, task))
            {
                await _world.Pass(Some(0.5));
            }

            if (!HasEnded(view.Status) && !IsStuck(view))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A failed or cancelled dependency never unblocks: such a task is as ended as it will ever be.</summary>
    private static bool IsStuck(TaskView view) => view.Status is WorkStatus.Blocked;

    private static bool HasEnded(WorkStatus status) => status is WorkStatus.Completed or WorkStatus.Failed or WorkStatus.Cancelled;

    private async Task LookAsync()
    {
        var caller = CallerOf("reader");
        while (!IsEnding)
        {
            await _world.Pass(Some(1));
            if (_tasks.Count > 0)
            {
                await ReadAsync(caller, _tasks[_world.Random.Next(_tasks.Count)]);
            }
        }
    }

    private async Task CancelAsync()
    {
        var caller = CallerOf("canceller");
        while (!IsEnding)
        {
            await _world.Pass(Some(20));
            if (_tasks.Count > 0 && _world.Random.Once(2))
            {
                var task = _tasks[_world.Random.Next(_tasks.Count)];
                await caller.AskAsync(HomeOf(task), new TaskRegistryCommand.CancelTask(task, "the simulation"));
            }
        }
    }

    /// <summary>More at once than a mailbox takes: each of them is done in the end, and no more than once.</summary>
    private async Task FloodAsync()
    {
        while (!IsEnding)
        {
            await _world.Pass(Some(20));
            _counts.Reached("flooded");
            var agent = new AgentId($"flood{_world.Random.Next(3)}");
            await Task.WhenAll(Enumerable.Range(0, 5 + _world.Random.Next(40)).Select(number => CallerOf("flood").AskAsync(
                Kinds.AgentOf(agent), new AgentCommand.RegisterAgent(new() { Name = agent.Value, MaxConcurrent = 1 + number }, Rotate: false))));
        }
    }

    private TimeSpan Some(double seconds) => TimeSpan.FromSeconds(seconds * _world.Random.NextDouble());
}
