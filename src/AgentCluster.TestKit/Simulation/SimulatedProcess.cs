using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// One run of one process: its work, its timers, its clock. Killed, nothing of it is ever heard again; frozen, it does
/// nothing for a while and finds the time gone when it wakes.
/// </summary>
public sealed class SimulatedProcess : TaskScheduler, IDispatcher
{
    private readonly World _world;
    private readonly List<Task> _parked = [];
    private readonly List<Action> _onKill = [];
    private bool _frozen;

    /// <summary>Starts a process.</summary>
    /// <param name="world">Where it runs.</param>
    /// <param name="number">1 or more, unique in the world.</param>
    /// <param name="rate">How fast its clocks run; 1 is true.</param>
    public SimulatedProcess(World world, int number, double rate = 1)
    {
        _world = world;
        Number = number;
        Clock = new(world.Clock, this, rate);
    }

    /// <summary>Unique in the world; a restarted node is another process.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    public TaskCreationOptions Answers => TaskCreationOptions.None;

    /// <summary>Its wall clock and its monotonic clock.</summary>
    public DriftingClock Clock { get; }

    /// <summary>Whether it is gone.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether nothing reaches the database from here, and nothing comes back; callers do.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Whether it stands still.</summary>
    internal bool IsFrozen => _frozen;

    /// <summary>Starts something in the process.</summary>
    /// <param name="activity">Its awaits come back to the process.</param>
    public Task Start(Func<Task> activity) =>
        Task.Factory.StartNew(activity, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        IsDead = true;
        _parked.Clear();
        foreach (var heard in _onKill.ToArray())
        {
            heard();
        }

        _onKill.Clear();
    }

    /// <summary>What the outside notices of a kill: its connections break.</summary>
    /// <param name="heard">Called at the kill, outside of the process.</param>
    /// <returns>Stops listening.</returns>
    public Action OnKill(Action heard)
    {
        _onKill.Add(heard);
        return () => _onKill.Remove(heard);
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>SIGCONT: everything that came meanwhile is there at once.</summary>
    public void Thaw()
    {
        _frozen = false;
        foreach (var task in _parked)
        {
            _world.Enqueue(this, task);
        }

        _parked.Clear();
    }

    /// <inheritdoc/>
    public void Dispatch(IRunnable work) => new Task(work.Run).Start(this);

    internal void Run(Task task)
    {
        if (IsDead)
        {
            return;
        }

        if (_frozen)
        {
            _parked.Add(task);
        }
        else
        {
            TryExecuteTask(task);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _world.Enqueue(this, task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _parked;
}
