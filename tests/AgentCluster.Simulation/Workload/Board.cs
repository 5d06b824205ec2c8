using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>What all of a team know: where they are, what there is to do, what waits for somebody, and whether faults are over.</summary>
internal sealed class Board(World world, SimulatedCluster cluster, Plan plan, CallerOracle oracle, JournalOracle journal, FaultCounts counts)
{
    private readonly Dictionary<string, Func<Task<object?>>> _creations = [];
    private readonly HashSet<TaskId> _over = [];
    private int _callers;
    private int _minted;

    public World World => world;

    public SimulatedCluster Cluster => cluster;

    public Plan Plan => plan;

    public JournalOracle Journal => journal;

    public FaultCounts Counts => counts;

    /// <summary>Set when faults have stopped: from then on everybody is honest and in a hurry.</summary>
    public bool IsEnding { get; set; }

    public IReadOnlyList<ActorId> Projects { get; } = [.. Enumerable.Range(1, plan.Projects).Select(number => Kinds.RegistryOf($"p{number}"))];

    /// <summary>Everybody counts on these.</summary>
    public List<TaskId> Tasks { get; } = [];

    /// <summary>Those that new tasks may go under, whatever became of them since.</summary>
    public List<EpicId> Epics { get; } = [];

    /// <summary>Parked tasks that nobody has answered.</summary>
    public List<TaskView> Questions { get; } = [];

    /// <summary>Tasks that were handed in.</summary>
    public List<TaskView> Reviews { get; } = [];

    public bool Has(Feature feature) => plan.Features.Contains(feature);

    public bool Once(int of) => world.Random.Once(of);

    public TimeSpan Some(double seconds) => TimeSpan.FromSeconds(seconds * world.Random.NextDouble());

    public T Any<T>(IReadOnlyList<T> of) => of[world.Random.Next(of.Count)];

    public Caller CallerOf(string principal) => new(world, cluster, plan, oracle, $"{principal}.{_callers++}");

    /// <summary>The last digit of an id says its project, so that its home is known without asking.</summary>
    public ActorId HomeOf(string id) => Projects[int.Parse(id[^1..], CultureInfo.InvariantCulture) % Projects.Count];

    /// <param name="home">Of which project; null for whichever.</param>
    public string NewId(ActorId? home = null)
    {
        var id = Ulid.New(world.Clock.GetUtcNow(), (UInt128)(++_minted) << 5);
        var project = home is { } wanted ? Projects.TakeWhile(other => other != wanted).Count() : _minted % 10;
        return id[..^1] + project.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How to bring something about again that was lost in a rollback: with the key that it was made with.</summary>
    public void Created(string id, Func<Task<object?>> again) => _creations[id] = again;

    public Task<object?> RepeatAsync(string id) => _creations[id]();

    /// <summary>Reads a task that was created; when it was lost in a rollback, its creator repeats itself with the same key.</summary>
    public async Task<TaskView?> ReadAsync(Caller caller, TaskId task)
    {
        var reply = await caller.ReadAsync(HomeOf(task.Value), task);
        if (reply is TaskReply.Refused)
        {
            counts.Reached("lost and repeated");
            if (!_creations.ContainsKey(task.Value) || await RepeatAsync(task.Value) is CreateReply.Refused)
            {
                // What it needs is gone, too, or was called off since; or its creator never knew of it.
                Tasks.Remove(task);
            }
        }

        return (reply as TaskReply.Found)?.Task;
    }

    /// <summary>Reads an epic; when it was lost in a rollback, its creator repeats itself with the same key.</summary>
    public async Task<EpicView?> ReadAsync(Caller caller, EpicId epic)
    {
        var reply = await caller.ReadAsync(HomeOf(epic.Value), epic);
        if (reply is EpicReply.Refused)
        {
            counts.Reached("epic lost and repeated");
            await RepeatAsync(epic.Value);
        }

        return (reply as EpicReply.Found)?.Epic;
    }

    /// <summary>The next task that can still end, as it stands now; null when there is none.</summary>
    public async Task<TaskView?> NextOpenAsync(Caller caller)
    {
        foreach (var task in Tasks.ToArray())
        {
            while (Tasks.Contains(task) && !_over.Contains(task))
            {
                if (await ReadAsync(caller, task) is not { } view)
                {
                    await world.Pass(Some(0.5));
                }
                else if (!IsOver(view))
                {
                    return view;
                }
                else if (IsEnding && view.Status != WorkStatus.Blocked)
                {
                    // Nothing is lost any more, so it need not be looked at again.
                    _over.Add(task);
                }
                else
                {
                    break;
                }
            }
        }

        return null;
    }

    /// <summary>A failed or cancelled dependency never unblocks: such a task is as ended as it will ever be.</summary>
    private static bool IsOver(TaskView view) => !view.Status.IsOpen() || view.Status == WorkStatus.Blocked;
}
