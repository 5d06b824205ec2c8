using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Epics, counted anew from their tasks each time. E1: no claim under a spent budget, and whoever spends it is told. E2: no
/// claim and no new task under an epic that was called off, whose tasks all end. E3: its numbers and its cost are those of
/// its tasks. E4: it ends when they have. E5: no turn cancels more than a slice.
/// </summary>
internal sealed class EpicOracle(WorkOracle work, Present present)
{
    private const int MostOfATurn = 1_000;
    private readonly Dictionary<EpicId, EpicModel> _epics = [];
    private readonly HashSet<EpicId> _sweeping = [];
    private int _cancelled;

    public IReadOnlyCollection<EpicId> All => _epics.Keys;

    /// <summary>Whether an epic is called off and not all of its tasks are yet.</summary>
    public bool IsSweeping => _sweeping.Count > 0;

    public bool IsSpent => _epics.Any(epic => epic.Value.IsSpentBy(Count(epic.Key)));

    public ActorId HomeOf(EpicId epic) => _epics[epic].Home;

    public bool IsClosed(EpicId epic) => _epics.TryGetValue(epic, out var model) && model.IsClosed;

    public void Forget()
    {
        _epics.Clear();
        _sweeping.Clear();
    }

    /// <summary>Called after <see cref="WorkOracle"/> has taken note of the same event.</summary>
    public void Follow(ActorId registry, TaskRegistryEvent happened)
    {
        _cancelled = happened is TaskCancelled ? _cancelled + 1 : 0;
        if (_cancelled > MostOfATurn)
        {
            throw new ViolationException("E5 slices", $"expected at most {MostOfATurn} tasks of {registry} to be cancelled in a turn, found {_cancelled}");
        }

        switch (happened)
        {
            case TaskCreated { Spec.EpicId: { } epic } e when IsClosed(epic):
                throw new ViolationException("E2 called-off", $"{e.Task} was created under {epic}, which is {_epics[epic].Status}");
            case TaskClaimed e when work.Tasks[e.Task].Epic is { } epic:
                Claimed(e, epic, _epics[epic]);
                break;
            case EpicCreated e:
                _epics.Add(e.Epic, new(registry) { Budget = e.Spec.Budget });
                break;
            case EpicChanged e:
                Changed(_epics[e.Epic], e);
                break;
            case EpicStarted e:
                Move(e.Epic, EpicStatus.Active, _epics[e.Epic].Status == EpicStatus.Planning);
                break;
            case EpicReopened e:
                Move(e.Epic, EpicStatus.Active, _epics[e.Epic].Status is EpicStatus.Completed or EpicStatus.Failed && Count(e.Epic).Open > 0);
                break;
            case EpicEnded e:
                Move(e.Epic, e.Status, !_epics[e.Epic].IsClosed && Count(e.Epic).Course == e.Status);
                break;
            case EpicCancelled e:
                Move(e.Epic, EpicStatus.Cancelled, _epics[e.Epic].Status is EpicStatus.Planning or EpicStatus.Active);
                present.Reached("epic cancelled");
                break;
            case EpicDeleted e:
                Move(e.Epic, EpicStatus.Deleted, _epics[e.Epic].Status != EpicStatus.Deleted);
                present.Reached("epic deleted");
                break;
            case EpicBudgetExhausted e:
                Exhausted(_epics[e.Epic], e);
                break;
        }
    }

    /// <summary>The batch is told to its end: a turn is never in two, so all that follows from its events has happened.</summary>
    public void Settle(StoreBatch batch)
    {
        _cancelled = 0;
        foreach (var row in batch.Rows.Where(row => row.Table == TaskRegistryTables.Epic))
        {
            Compare(EpicRow.ReadFacts(row.Row).Cost, EpicRow.ReadAll(row.Row), new(row.Row.Key.Id));
        }

        foreach (var (id, epic) in _epics.Where(epic => batch.Events.Any(written => written.Actor == epic.Value.Home)))
        {
            Check(id, epic);
        }
    }

    /// <summary>What a registry says of an epic in the end.</summary>
    public void Compare(EpicView view)
    {
        var count = Count(view.Id);
        var found = string.Join(',', Enum.GetValues<WorkStatus>().Where(status => status != WorkStatus.Deleted).Select(status => $"{status} {view.Counts.Of(status)}"));
        var expected = string.Join(',', Enum.GetValues<WorkStatus>().Where(status => status != WorkStatus.Deleted).Select(status => $"{status} {count.Of(status)}"));
        if (found != expected || view.Status != _epics[view.Id].Status || view.BudgetExhausted != _epics[view.Id].IsSpentBy(count))
        {
            throw new ViolationException(
                "E3 numbers", $"{view.Id} is shown {view.Status} with {found}, spent: {view.BudgetExhausted}; by its tasks it is {_epics[view.Id].Status} with {expected}");
        }

        Compare(view.Cost, view.Counts, view.Id);
    }

    /// <summary>In the end: nothing of what was called off is open.</summary>
    public void End()
    {
        foreach (var (id, epic) in _epics.Where(epic => epic.Value.IsClosed && Count(epic.Key).Open > 0))
        {
            throw new ViolationException("E2 called-off", $"{id} is {epic.Status}, letters are at rest, and {Count(id).Open} of its tasks are open");
        }
    }

    private void Claimed(TaskClaimed e, EpicId id, EpicModel epic)
    {
        var count = Count(id);
        if (epic.IsClosed)
        {
            throw new ViolationException("E2 called-off", $"{e.Task} was claimed with {e.Token} under {id}, which is {epic.Status}");
        }

        if (epic.IsSpentBy(count))
        {
            throw new ViolationException("E1 budget", $"{e.Task} was claimed with {e.Token} under {id}, which has spent {count.Tokens} tokens and {count.Usd} USD of {epic.Budget}");
        }

        if (epic.WasSpent)
        {
            present.Reached("claimed under a raised budget");
        }
    }

    private void Changed(EpicModel epic, EpicChanged e)
    {
        var was = epic.IsSpentBy(Count(e.Epic));
        epic.Budget = e.Spec.Budget;
        if (was && !epic.IsSpentBy(Count(e.Epic)))
        {
            present.Reached("budget raised");
        }
    }

    private void Exhausted(EpicModel epic, EpicBudgetExhausted e)
    {
        var count = Count(e.Epic);
        if (!epic.IsSpentBy(count) || epic.IsTold || e.Cost.ActualTokens != count.Tokens || e.Cost.ActualUsd != count.Usd)
        {
            throw new ViolationException("E1 budget", $"{e.Epic} was told to have spent {e.Cost} of {e.Budget}, told before: {epic.IsTold}; its tasks cost {count.Tokens} tokens and {count.Usd} USD");
        }

        epic.IsTold = epic.WasSpent = true;
        present.Reached(count.Of(WorkStatus.Running) > 0 ? "budget spent with a claim running" : "budget spent");
    }

    private void Check(EpicId id, EpicModel epic)
    {
        var count = Count(id);
        var isSpent = epic.IsSpentBy(count);
        if (isSpent && !epic.IsTold && !epic.IsClosed)
        {
            throw new ViolationException("E1 budget", $"{id} has spent {count.Tokens} tokens and {count.Usd} USD of {epic.Budget}, and nobody was told");
        }

        epic.IsTold &= isSpent;
        if (!epic.IsClosed && count.Total > 0 && count.Course is { } course && course != epic.Status)
        {
            throw new ViolationException("E4 course", $"all tasks of {id} have ended and it should be {course}; it is {epic.Status}");
        }

        if (epic.Status is EpicStatus.Completed or EpicStatus.Failed && count.Open > 0)
        {
            throw new ViolationException("E4 course", $"{id} is {epic.Status} and {count.Open} of its tasks are open");
        }

        if (!epic.IsClosed || count.Open == 0)
        {
            _sweeping.Remove(id);
        }
        else if (_sweeping.Add(id))
        {
            present.Reached("cascade in slices");
        }
    }

    private void Compare(Cost cost, EpicCounts counts, EpicId id)
    {
        var count = Count(id);
        var (found, expected) = (
            (counts.Open, counts.Completed, counts.Failed, counts.Cancelled, cost.ActualTokens, cost.ActualUsd),
            (count.Open, count.Of(WorkStatus.Completed), count.Of(WorkStatus.Failed), count.Of(WorkStatus.Cancelled), count.Tokens, count.Usd));
        if (found != expected)
        {
            throw new ViolationException("E3 numbers", $"{id} has (open, completed, failed, cancelled, tokens, USD) {found}, and its tasks come to {expected}");
        }
    }

    private void Move(EpicId id, EpicStatus to, bool may)
    {
        if (!may)
        {
            throw new ViolationException("E4 course", $"{id} was {_epics[id].Status} and became {to}; its tasks: {Count(id)}");
        }

        _epics[id].Status = to;
    }

    private EpicRecount Count(EpicId epic)
    {
        EpicRecount count = new();
        foreach (var task in work.Tasks.Values.Where(task => task.Epic == epic))
        {
            count.Add(work.Shown(task), task);
        }

        return count;
    }

    private sealed class EpicModel(ActorId home)
    {
        public ActorId Home => home;

        public EpicStatus Status { get; set; }

        public Budget? Budget { get; set; }

        /// <summary>Whether it was told that it is spent, and it has been since.</summary>
        public bool IsTold { get; set; }

        public bool WasSpent { get; set; }

        public bool IsClosed => Status is EpicStatus.Cancelled or EpicStatus.Deleted;

        public bool IsSpentBy(EpicRecount count) =>
            (Budget?.Tokens is { } tokens && count.Tokens >= tokens) || (Budget?.Usd is { } usd && count.Usd >= usd);
    }
}
