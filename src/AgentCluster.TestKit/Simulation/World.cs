using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// One thread, one seed, and a clock that moves only when nothing else can run. Everything that is started here comes
/// back here after each await, and whichever of the ready work is next is the seed's choice; so a run is replayed from
/// one number.
/// </summary>
/// <remarks>
/// The world itself is the scheduler of the test's own activities: it is what is outside of every process. Nodes run in
/// <see cref="SimulatedProcess"/>es, which can be killed and frozen.
/// </remarks>
public sealed class World : TaskScheduler, IDispatcher
{
    /// <summary>Real time that a stuck run waits for work that has left it.</summary>
    private static readonly TimeSpan Straggler = TimeSpan.FromSeconds(1);
    private readonly List<Ready> _ready = [];
    private readonly SeededRandom _random;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly TraceHash _trace = new();
    private volatile string? _escaped;
    private int _processes;

    private World(ulong seed)
    {
        Seed = seed;
        _random = new(seed, Guard);
        Clock = new() { Guard = Guard };
    }

    /// <summary>Everything random in the run comes from this number.</summary>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public TaskCreationOptions Answers => TaskCreationOptions.None;

    /// <summary>True simulated time; processes have clocks of their own that drift from it.</summary>
    public VirtualClock Clock { get; }

    /// <summary>Chance for the code under test, from the seed.</summary>
    public SeededRandom Random => _random;

    /// <summary>Pieces of work that have run.</summary>
    public long Steps { get; private set; }

    /// <summary>A hash of all that has happened, in order. Two runs of one seed have the same.</summary>
    public ulong Trace => _trace.Value;

    /// <summary>Called after every step: where invariants are checked.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Runs <paramref name="activity"/> to its end, and whatever it has started as far as it needs it.</summary>
    /// <param name="activity">Gets the world; its awaits come back to it.</param>
    /// <param name="seed">Chooses the order of things.</param>
    /// <param name="limit">Simulated time after which a run is stuck.</param>
    /// <exception cref="EscapedException">Something has left the simulation's thread.</exception>
    /// <exception cref="InvalidOperationException">Nothing can ever happen any more, or the limit was reached.</exception>
    public static void Run(Func<World, Task> activity, ulong seed = 1, TimeSpan? limit = null)
    {
        // A test runner's synchronization context would take every await away from this world.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var world = new World(seed);
            world.Drive(world.Start(() => activity(world)), limit ?? TimeSpan.FromDays(7));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Starts something side by side with what runs.</summary>
    /// <param name="activity">Its awaits come back to this world.</param>
    public Task Start(Func<Task> activity) =>
        Task.Factory.StartNew(activity, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Lets simulated time pass; everything that comes due happens.</summary>
    /// <param name="time">How long.</param>
    public Task Pass(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>The whole world's machine stops for a while, as a suspended one does: time leaps, and what came due meanwhile comes due late.</summary>
    /// <param name="time">How long.</param>
    public void StandStill(TimeSpan time) => Clock.Leap(time);

    /// <summary>Mixes something that happened into the trace.</summary>
    /// <param name="what">Any number that is the same in each run of the seed.</param>
    public void Note(ulong what) => _trace.Mix(what);

    /// <inheritdoc/>
    public void Dispatch(IRunnable work) => new Task(work.Run).Start(this);

    /// <summary>Fails the run when it is called from another thread: something has left the simulation.</summary>
    public void Guard()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Thrown here it would be lost on that thread; the loop finds it.
            _escaped ??= Environment.StackTrace;
        }
    }

    /// <summary>The next process's number.</summary>
    internal int NextProcess() => ++_processes;

    internal void Enqueue(SimulatedProcess? process, Task task)
    {
        Guard();
        if (Environment.CurrentManagedThreadId == _thread)
        {
            _ready.Add(new(process, task));
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => Enqueue(null, task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _ready.Select(ready => ready.Task);

    private void Drive(Task until, TimeSpan limit)
    {
        while (!until.IsCompleted)
        {
            ThrowEscaped();
            if (_ready.Count > 0)
            {
                Step();
            }
            else if (Clock.Elapsed > limit || !Clock.AdvanceToNext())
            {
                // Whoever the run waits for may be on another thread: that is the better news.
                SpinWait.SpinUntil(() => _escaped is not null, Straggler);
                ThrowEscaped();
                throw new InvalidOperationException(
                    $"Seed {Seed}: stuck after {Steps} steps at {Clock.Elapsed}: nothing is ready, no timer can help.");
            }
        }

        until.GetAwaiter().GetResult();
        ThrowEscaped();
    }

    private void ThrowEscaped()
    {
        if (_escaped is { } stack)
        {
            throw new EscapedException(Seed, stack);
        }
    }

    private void Step()
    {
        Steps++;
        var pick = _ready.Count == 1 ? 0 : _random.Next(_ready.Count);
        var (process, task) = _ready[pick];
        _ready[pick] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        _trace.Mix((ulong)Clock.Elapsed.Ticks);
        _trace.Mix((ulong)(process?.Number ?? 0));
        if (process is null)
        {
            TryExecuteTask(task);
        }
        else
        {
            process.Run(task);
        }

        AfterStep?.Invoke();
    }

    private readonly record struct Ready(SimulatedProcess? Process, Task Task);
}

/// <summary>Something was called, or came back, on another thread than the simulation's: the seed would not replay.</summary>
/// <param name="seed">The run's.</param>
/// <param name="stack">Where.</param>
public sealed class EscapedException(ulong seed, string stack)
    : Exception($"Seed {seed}: ESCAPE: called from another thread than the simulation's; find the await or the callback that left it.\n{stack}");
