using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>
/// What a chunk of rows comes to: the state as it is, and over it the rows of the chunk taken so far. A dependency on a
/// row that has not come yet is dangling until it comes; then it binds.
/// </summary>
internal sealed class ImportPlan
{
    private readonly TaskRegistryState _state;
    private readonly string _source;
    private readonly Dictionary<TaskId, (WorkStatus Status, ValueList<TaskId> DependsOn)> _taken = [];
    private readonly Dictionary<TaskId, int> _newDependants = [];
    private readonly Dictionary<EpicId, EpicStatus> _epics = [];
    private readonly List<DroppedDependency> _dropped = [];
    private readonly List<DanglingDependency> _dangling = [];
    private readonly List<Orphan> _orphans = [];
    private readonly CycleSearch _cycles;
    private long _ordinal;
    private int _created;
    private int _unchanged;
    private int _updated;

    public ImportPlan(TaskRegistryState state, string source)
    {
        _state = state;
        _source = source;
        _ordinal = state.LastOrdinal;
        _cycles = new(DependenciesOf);
    }

    public List<TaskRegistryEvent> Events { get; } = [];

    public ImportReply Reply =>
        new(_created, _unchanged, _updated, _dropped.ToValueList(), _dangling.ToValueList(), _orphans.ToValueList());

    public void Take(ImportedEpic epic)
    {
        if (_state.Find(epic.Id) is not null)
        {
            _unchanged++;
            return;
        }

        _created++;
        _epics[epic.Id] = epic.IsCancelled ? EpicStatus.Cancelled : EpicStatus.Planning;
        Events.Add(new EpicCreated(epic.Id, epic.Spec, epic.CreatedAt));
        if (epic.IsCancelled)
        {
            Events.Add(new EpicCancelled(epic.Id, epic.CreatedAt));
        }
    }

    public void Take(ImportedRow row)
    {
        var task = _state.Find(row.Id);
        var isSame = task?.Facts.SourceHash == row.Hash;
        TakeEpic(row, isSame);
        var status = row.Parent is { } parent ? StatusOf(parent) : null;
        if (row.Parent is { } unknown && status is null && task?.Facts.Spec.EpicId is null)
        {
            _orphans.Add(new(row.Id, unknown));
        }

        var epic = status is null || (IsClosed(status.Value) && StaysOpen(task, row)) ? null : row.Parent;
        if (task is null)
        {
            Create(row, epic);
        }
        else if (isSame)
        {
            Keep(task.Facts, epic);
        }
        else
        {
            Update(task, row, epic);
        }
    }

    private void TakeEpic(ImportedRow row, bool isSame)
    {
        if (row.Epic is not { } id)
        {
            return;
        }

        var known = _state.Find(id);
        var title = known is { Facts.HasOwnTitle: true } ? known.Facts.Spec.Title : row.Spec.Title;
        var status = known is not null && (known.Facts.HasOwnStatus || known.Open.Count > 0) ? known.Facts.Status : Status(row);
        if (known is null || (!isSame && (known.Facts.Spec.Title, known.Facts.Status) != (title, status)))
        {
            _epics[id] = status;
            Events.Add(new EpicImported(id, row.Id, title, status, row.CreatedAt, row.UpdatedAt));
        }
    }

    // An epic that was called off takes no open task: nobody could claim it.
    private static bool IsClosed(EpicStatus status) => status is EpicStatus.Cancelled or EpicStatus.Deleted;

    private static bool StaysOpen(TaskEntry? task, ImportedRow row) =>
        (task is not null && task.Facts.Local.HasFlag(TaskFields.Status) ? task.Facts.Status : row.Status).IsOpen();

    private EpicStatus? StatusOf(EpicId epic) =>
        _epics.TryGetValue(epic, out var taken) ? taken : _state.Find(epic)?.Facts.Status;

    private static EpicStatus Status(ImportedRow row) => row.Status switch
    {
        WorkStatus.InputRequired => EpicStatus.Active,
        WorkStatus.Completed => EpicStatus.Completed,
        WorkStatus.Cancelled => EpicStatus.Cancelled,
        WorkStatus.Deleted => EpicStatus.Deleted,
        _ => EpicStatus.Planning,
    };

    private void Create(ImportedRow row, EpicId? epic)
    {
        _created++;
        Events.Add(new TaskImported(
            row.Id,
            new(_source, row.SourceId),
            row.Hash,
            row.Spec with { EpicId = epic },
            row.Status,
            ++_ordinal,
            row.CreatedAt,
            row.UpdatedAt,
            Bind(row, row.Status)));
    }

    private void Keep(TaskFacts facts, EpicId? epic)
    {
        Report(facts.Id, facts.DependsOn);
        if (epic is { } id && facts.IsAdoptable)
        {
            _updated++;
            Events.Add(new TaskAdopted(facts.Id, id));
        }
        else
        {
            _unchanged++;
        }
    }

    private void Update(TaskEntry task, ImportedRow row, EpicId? epic)
    {
        var facts = task.Facts;
        var detail = task.Detail ?? TaskDetail.None;
        var status = facts.Local.HasFlag(TaskFields.Status) ? facts.Status : row.Status;
        var incoming = row.Spec with { EpicId = epic ?? facts.Spec.EpicId, Detail = row.Spec.Detail with { Notes = detail.Notes } };
        var spec = LocalChanges.Keep(facts.Local, facts.Spec with { Detail = detail }, incoming);
        var dependsOn = facts.Local.HasFlag(TaskFields.DependsOn) ? facts.DependsOn : Bind(row, status);
        if ((facts.Spec with { Detail = detail }, facts.Status) == (spec, status)
            && facts.DependsOn.Select(each => each.On).SequenceEqual(dependsOn.Select(each => each.On)))
        {
            _unchanged++;
            return;
        }

        _updated++;
        Events.Add(new TaskReimported(row.Id, row.Hash, spec, status, row.UpdatedAt, dependsOn));
    }

    private ValueList<Dependency> Bind(ImportedRow row, WorkStatus status)
    {
        List<Dependency> bound = [];
        foreach (var on in row.DependsOn)
        {
            var cycle = status.IsOpen() && IsDependedOn(row.Id, on) ? _cycles.ClosedBy(row.Id, on) : [];
            if (!cycle.IsEmpty || IsFull(on))
            {
                _dropped.Add(new(row.Id, on, cycle));
                continue;
            }

            bound.Add(new(on, StateOf(on)));
            _taken[row.Id] = (status, [.. bound.Select(each => each.On)]);
            _newDependants[on] = _newDependants.GetValueOrDefault(on) + 1;
        }

        _taken[row.Id] = (status, [.. bound.Select(each => each.On)]);
        Report(row.Id, bound.ToValueList());
        return bound.ToValueList();
    }

    private void Report(TaskId task, ValueList<Dependency> dependsOn) => _dangling.AddRange(
        dependsOn.Where(each => each.State == DependencyState.Dangling).Select(each => new DanglingDependency(task, each.On)));

    /// <summary>Whether a cycle is possible at all: most rows have no dependants, and need no search.</summary>
    private bool IsDependedOn(TaskId task, TaskId on) =>
        task == on || _newDependants.ContainsKey(task) || _state.Graph.DependantsOf(task).Count > 0;

    private bool IsFull(TaskId on) =>
        _state.Graph.DependantsOf(on).Count + _newDependants.GetValueOrDefault(on) >= Bounds.Dependants;

    private DependencyState StateOf(TaskId task) =>
        _taken.TryGetValue(task, out var taken) ? DependencyGraph.StateOf(taken.Status)
        : _state.Find(task) is { } found ? DependencyGraph.StateOf(found.Facts.Status)
        : DependencyState.Dangling;

    private IEnumerable<TaskId> DependenciesOf(TaskId task)
    {
        if (_taken.TryGetValue(task, out var taken))
        {
            return taken.Status.IsOpen() ? taken.DependsOn : [];
        }

        return _state.Find(task) is { Facts: { IsOpen: true } facts } ? facts.DependsOn.Select(each => each.On) : [];
    }
}
