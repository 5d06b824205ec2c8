using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Claims;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.TaskRegistry.Ready;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>
/// A project's open tasks, and what is derived from them: who depends on whom, who holds what, what is ready. Tasks that
/// have ended are here only while a decision needs them.
/// </summary>
public sealed partial class TaskRegistryState : IRowState
{
    private readonly Dictionary<TaskId, TaskEntry> _tasks = [];
    private readonly List<RowKey> _touched = [];
    private readonly ActorId _self;
    private Ceiling _tokens;
    private Ceiling _ordinals;

    internal TaskRegistryState(string project)
    {
        _self = Kinds.RegistryOf(project);
    }

    internal string Name => _self.Name;

    internal FencingToken LastToken => new(_tokens.Last);

    internal long LastOrdinal => _ordinals.Last;

    internal ReadyQueue Ready { get; } = new();

    internal DependencyGraph Graph { get; } = new();

    internal Holders Holders { get; } = new();

    /// <summary>How many of its tasks may be held at a time; null for any number.</summary>
    internal int? Wip { get; private set; }

    /// <summary>A task in memory; null when it has ended and was not loaded, or does not exist.</summary>
    internal TaskEntry? Find(TaskId task) => _tasks.GetValueOrDefault(task);

    internal IEnumerable<TaskEntry> Tasks => _tasks.Values;

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        foreach (var key in _touched)
        {
            into.Add(key);
            if (_tasks.TryGetValue(new(key.Id), out var task))
            {
                (task.IsTouched, task.IsDetailTouched) = (false, false);
            }
            else if (Find(new EpicId(key.Id)) is { } epic)
            {
                epic.IsTouched = false;
            }
        }

        _touched.Clear();
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) => key.Table switch
    {
        "task" => Find(new TaskId(key.Id)) is { } task ? TaskRow.Write(task.Facts, _self) : null,
        "task_detail" => Find(new TaskId(key.Id)) is { } task ? TaskRow.WriteDetail(task, _self) : null,
        "epic" => Find(new EpicId(key.Id)) is { } epic ? EpicRow.Write(epic, _self) : null,
        "registry" => RegistryRow(),
        _ => throw new UnreachableException($"A registry has no rows in '{key.Table}'."),
    };

    internal void Load(IReadOnlyList<Row> rows)
    {
        // A task is counted in its epic as it comes.
        foreach (var row in rows.Where(row => row.Key.Table == "epic"))
        {
            Load(row);
        }

        List<TaskEntry> loaded = [];
        foreach (var row in rows)
        {
            switch (row.Key.Table)
            {
                case "task" when !_tasks.ContainsKey(new(row.Key.Id)):
                    loaded.Add(Install(TaskRow.Read(row)));
                    break;
                case "registry":
                    _tokens.Restore(row.Columns[0].Number!.Value);
                    _ordinals.Restore(row.Columns[1].Number!.Value);
                    Wip = RegistryPayload.Read(row).Wip;
                    break;
            }
        }

        // Only now are all dependants counted, and all tasks there that a detail may belong to.
        loaded.ForEach(Offer);
        foreach (var row in rows.Where(row => row.Key.Table == "task_detail"))
        {
            if (Find(new TaskId(row.Key.Id)) is { } task)
            {
                task.Detail ??= DetailPayload.Read(row);
            }
        }
    }

    internal void Forget(RowKey key)
    {
        switch (key.Table)
        {
            case "task" when Find(new TaskId(key.Id)) is { Facts.IsOpen: false } task:
                _tasks.Remove(task.Id);
                break;
            case "task_detail" when Find(new TaskId(key.Id)) is { } task:
                task.Detail = null;
                break;
            case "epic" when Find(new EpicId(key.Id)) is { IsOpen: false } epic:
                Forget(epic);
                break;
        }
    }

    private TaskEntry Install(TaskFacts facts)
    {
        TaskEntry task = new(facts);
        _tasks.Add(task.Id, task);
        if (facts.IsOpen)
        {
            Graph.Add(task);
        }

        if (facts.Status == WorkStatus.Running)
        {
            Ready.Started(facts.Spec.EpicId);
        }

        if (facts.Claim is not null)
        {
            Holders.Add(task);
        }

        CountOpen(task);
        return task;
    }

    private void Offer(TaskEntry task)
    {
        if (task.Facts.IsReady && task.Place is null)
        {
            Ready.Offer(task, Graph.DependantsOf(task.Id).Count);
        }
    }

    private Row RegistryRow() => new(
        RegistryKey, _self, [RowValue.Of(_tokens.Stored), RowValue.Of(_ordinals.Stored)], new RegistryPayload(Wip).Write());

    private RowKey RegistryKey => new(TaskRegistryTables.Registry.Name, Name);

    private void Touch(TaskEntry task)
    {
        if (!task.IsTouched)
        {
            task.IsTouched = true;
            _touched.Add(TaskRow.Key(task.Id));
        }
    }

    private void TouchDetail(TaskEntry task)
    {
        if (!task.IsDetailTouched)
        {
            task.IsDetailTouched = true;
            _touched.Add(TaskRow.DetailKey(task.Id));
        }
    }
}
