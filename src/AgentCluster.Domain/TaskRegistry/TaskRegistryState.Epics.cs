using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>
/// Epics, and what their tasks come to. Every change of a task passes <c>Recount</c>, whatever event it is of, so that the
/// numbers hold without anybody thinking of them. An epic that an open task belongs to is in memory.
/// </content>
public sealed partial class TaskRegistryState
{
    private readonly Dictionary<EpicId, EpicEntry> _epics = [];

    internal IEnumerable<EpicEntry> Epics => _epics.Values;

    /// <summary>An epic in memory; null when it has ended and was not loaded, or does not exist.</summary>
    internal EpicEntry? Find(EpicId epic) => _epics.GetValueOrDefault(epic);

    /// <summary>The epic of a task, when it is in memory.</summary>
    internal EpicEntry? EpicOf(TaskFacts facts) => facts.Spec.EpicId is { } id ? Find(id) : null;

    private bool TryApplyToEpic(TaskRegistryEvent happened)
    {
        switch (happened)
        {
            case EpicCreated e:
                Enter(EpicFacts.From(e));
                return true;
            case EpicImported e when Find(e.Epic) is null:
                Enter(EpicFacts.From(e));
                return true;
            case EpicImported e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicChanged e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicStarted e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicEnded e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicReopened e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicCancelled e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicDeleted e:
                Change(_epics[e.Epic], _epics[e.Epic].Facts.After(e));
                return true;
            case EpicBudgetExhausted:
                return true; // Told, not counted: what is spent and what may be are facts of other events.
            default:
                return false;
        }
    }

    private void Load(Row row)
    {
        EpicEntry epic = new(EpicRow.ReadFacts(row), EpicRow.ReadEnded(row));
        if (_epics.TryAdd(epic.Id, epic))
        {
            Ready.Pause(epic.Id, epic.Facts.IsPaused);
        }
    }

    private void Forget(EpicEntry epic)
    {
        _epics.Remove(epic.Id);
        Ready.Pause(epic.Id, isPaused: false);
    }

    private void Enter(EpicFacts facts)
    {
        EpicEntry epic = new(facts, default);
        _epics.Add(epic.Id, epic);
        Change(epic, facts);
    }

    private void Change(EpicEntry epic, EpicFacts facts)
    {
        epic.Facts = facts;
        Touch(epic);
        Ready.Pause(epic.Id, facts.IsPaused);
    }

    /// <summary>Adds a cost to the epic of its task, in the same turn.</summary>
    private void Spend(TaskEntry task, Cost? cost)
    {
        if (cost is not null && EpicOf(task.Facts) is { } epic)
        {
            Change(epic, epic.Facts.Spent(cost));
        }
    }

    /// <summary>A task is in memory: counted while it is open, without a change of any row.</summary>
    private void CountOpen(TaskEntry task)
    {
        if (task.Facts.IsOpen && EpicOf(task.Facts) is { } epic && epic.Open.Add(task))
        {
            epic.Counts = epic.Counts.With(task.Facts.Shown, 1);
        }
    }

    /// <summary>A task is new.</summary>
    private void CountNew(TaskEntry task)
    {
        if (EpicOf(task.Facts) is { } epic)
        {
            epic.Counts = task.Facts.IsOpen ? epic.Counts : epic.Counts.With(task.Facts.Status, 1);
            Touch(epic);
        }
    }

    /// <summary>A task stands elsewhere, or belongs elsewhere.</summary>
    private void Recount(TaskEntry task, TaskFacts was, TaskFacts now)
    {
        var epic = EpicOf(now);
        if (was.Spec.EpicId != now.Spec.EpicId)
        {
            Leave(EpicOf(was), task, was);
            Join(epic, task, now);
        }
        else if (epic is not null)
        {
            epic.Counts = epic.Counts.Moved(was.Shown, now.Shown);
            if (now.IsOpen && was.IsOpen)
            {
                return;
            }

            Keep(epic, task, now.IsOpen);
            Touch(epic);
        }
    }

    private void Leave(EpicEntry? epic, TaskEntry task, TaskFacts was)
    {
        if (epic is not null)
        {
            epic.Counts = epic.Counts.With(was.Shown, -1);
            Keep(epic, task, isOpen: false);
            Change(epic, epic.Facts with { Cost = epic.Facts.Cost.Minus(was.Cost) });
        }
    }

    private void Join(EpicEntry? epic, TaskEntry task, TaskFacts now)
    {
        if (epic is not null)
        {
            epic.Counts = epic.Counts.With(now.Shown, 1);
            Keep(epic, task, now.IsOpen);
            Change(epic, epic.Facts.Spent(now.Cost));
        }
    }

    private static void Keep(EpicEntry epic, TaskEntry task, bool isOpen)
    {
        if (isOpen)
        {
            epic.Open.Add(task);
        }
        else
        {
            epic.Open.Remove(task);
        }
    }

    private void Touch(EpicEntry epic)
    {
        if (!epic.IsTouched)
        {
            epic.IsTouched = true;
            _touched.Add(EpicRow.Key(epic.Id));
        }
    }
}
