using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// One thread, one seed, and a clock that moves only when nothing else can run. Everything that is started here comes
/// back here after each await, and whichever of the ready work is next is the seed's choice; so a run is replayed from
/// one number.
/// </summary>
public sealed class World : TaskScheduler, IDispatcher
{
    private readonly List<Task> _ready = [];
    private readonly SeededRandom _random;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _escaped;

    private World(ulong seed)
    {
        Seed = seed;
        _random = new(seed);
    }

    /// <summary>Everything random in the run comes from this number.</summary>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public TaskCreationOptions Answers => TaskCreationOptions.None;

    /// <summary>Simulated time.</summary>
    public VirtualClock Clock { get; } = new();

    /// <summary>Chance for the code under test, from the seed.</summary>
    public IRandom Random => _random;

    /// <summary>Pieces of work that have run.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs <paramref name="activity"/> to its end, and whatever it has started as far as it needs it.</summary>
    /// <param name="activity">Gets the world; its awaits come back to it.</param>
    /// <param name="seed">Chooses the order of things.</param>
    /// <param name="limit">Simulated time after which a run is stuck.</param>
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

    /// <summary>The whole process stops for a while, as a suspended machine does: time leaps, and what came due meanwhile comes due late.</summary>
    /// <param name="time">How long.</param>
    public void StandStill(TimeSpan time) => Clock.Leap(time);

    /// <inheritdoc/>
    public void Dispatch(IRunnable work) => new Task(work.Run).Start(this);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escaped ??= Environment.StackTrace;
            return;
        }

        _ready.Add(task);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    private void Drive(Task until, TimeSpan limit)
    {
        while (!until.IsCompleted)
        {
            if (_escaped is { } stack)
            {
                throw new InvalidOperationException($"Seed {Seed}: ESCAPE: work came back on another thread.\n{stack}");
            }

            if (_ready.Count > 0)
            {
                Step();
            }
            else if (Clock.Elapsed > limit || !Clock.AdvanceToNext())
            {
                throw new InvalidOperationException(
                    $"Seed {Seed}: stuck after {Steps} steps at {Clock.Elapsed}: nothing is ready, no timer can help.");
            }
        }

        until.GetAwaiter().GetResult();
    }

    private void Step()
    {
        Steps++;
        var pick = _random.Next(_ready.Count);
        var task = _ready[pick];
        _ready[pick] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        TryExecuteTask(task);
    }
}
