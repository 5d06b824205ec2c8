using System.Runtime.InteropServices;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>
/// What a decision about tasks comes to for their epics: started by the first claim, ended with the last task, active
/// again with a new one, its budget spent. Every decision passes here, so no command has to think of epics; an event that
/// moves a task, or costs, has a line in <see cref="Follow"/>.
/// </summary>
internal sealed class EpicCourse
{
    private readonly TaskRegistryState _state;
    private HashSet<RowKey>? _missing;
    private Dictionary<EpicId, Forecast>? _forecasts;

    private EpicCourse(TaskRegistryState state) => _state = state;

    /// <summary>Adds what follows for epics, or asks for those that are not in memory.</summary>
    public static Decision Follow(TaskRegistryState state, Decision decision, in Turn turn)
    {
        if (decision.Events.IsEmpty || IsPlainClaim(state, decision))
        {
            return decision;
        }

        EpicCourse course = new(state);
        foreach (var happened in decision.Events)
        {
            course.Take(happened, turn);
        }

        return course._missing is { } missing ? Decision.Needs([.. missing])
            : course._forecasts is null ? decision
            : course.On(decision, turn.Now);
    }

    /// <summary>Most decisions by far: one claim, of a task without an epic or of one that is active already.</summary>
    private static bool IsPlainClaim(TaskRegistryState state, Decision decision) =>
        decision.Events is [TaskClaimed claimed]
        && state.Find(claimed.Task) is { } task
        && (task.Facts.Spec.EpicId is not { } id || state.Find(id) is { Facts.Status: EpicStatus.Active });

    private void Take(TaskRegistryEvent happened, in Turn turn)
    {
        switch (happened)
        {
            case TaskCreated e:
                Enter(e.Spec.EpicId, WorkStatus.Pending, turn);
                break;
            case TaskImported e:
                Enter(e.Spec.EpicId, e.Status, turn);
                break;
            case TaskReimported e:
                Move(e.Task, e.Spec.EpicId, e.Status, turn);
                break;
            case TaskAdopted e:
                Move(e.Task, e.Epic, _state.Find(e.Task)!.Facts.Status, turn);
                break;
            case TaskClaimed e when Of(e.Task, turn) is { } forecast:
                forecast.IsClaimed = true;
                break;
            case TaskProgressed { Cost: { } cost } e:
                Of(e.Task, turn)?.Spend(cost);
                break;
            case TaskCompleted e:
                Move(e.Task, WorkStatus.Completed, turn)?.Spend(e.Cost);
                break;
            case TaskFailed e:
                Move(e.Task, WorkStatus.Failed, turn);
                break;
            case TaskCancelled e:
                Move(e.Task, WorkStatus.Cancelled, turn);
                break;
            case TaskDeleted e:
                Move(e.Task, WorkStatus.Deleted, turn);
                break;
            case TaskEdited e when e.Patch.Fields.HasFlag(TaskFields.EpicId):
                Move(e.Task, e.Patch.EpicId, _state.Find(e.Task)!.Facts.Status, turn);
                break;
            case EpicCreated e:
                Forecasts.Add(e.Epic, new(null, EpicFacts.From(e), default));
                break;
            case EpicImported e when _state.Find(e.Epic) is null:
                Forecasts.Add(e.Epic, new(null, EpicFacts.From(e), default));
                break;
            case EpicImported e:
                Change(e.Epic, facts => facts.After(e));
                break;
            case EpicChanged e:
                Change(e.Epic, facts => facts.After(e));
                break;
            case EpicCancelled e:
                Change(e.Epic, facts => facts.After(e));
                break;
            case EpicDeleted e:
                Change(e.Epic, facts => facts.After(e));
                break;
        }
    }

    private Dictionary<EpicId, Forecast> Forecasts => _forecasts ??= [];

    private void Enter(EpicId? epic, WorkStatus status, in Turn turn) => Of(epic, null, turn)?.Count(status, 1);

    private Forecast? Move(TaskId id, WorkStatus to, in Turn turn)
    {
        var forecast = Of(id, turn);
        forecast?.Count(_state.Find(id)!.Facts.Shown, -1);
        forecast?.Count(to, 1);
        return forecast;
    }

    private void Move(TaskId id, EpicId? toEpic, WorkStatus to, in Turn turn)
    {
        var task = _state.Find(id)!;
        var (from, into) = (Of(id, turn), Of(toEpic, task, turn));
        from?.Count(task.Facts.Shown, -1);
        into?.Count(to, 1);
        if (from != into)
        {
            from?.Refund(task.Facts.Cost);
            into?.Spend(task.Facts.Cost);
        }
    }

    private void Change(EpicId epic, Func<EpicFacts, EpicFacts> after)
    {
        var forecast = Of(_state.Find(epic)!);
        forecast.Facts = after(forecast.Facts);
    }

    private Forecast? Of(TaskId id, in Turn turn) => _state.Find(id) is { } task ? Of(task.Facts.Spec.EpicId, task, turn) : null;

    private Forecast? Of(EpicId? epic, TaskEntry? task, in Turn turn)
    {
        if (epic is not { } id)
        {
            return null;
        }

        if (_forecasts is not null && _forecasts.TryGetValue(id, out var known))
        {
            return known;
        }

        if (_state.Find(id) is { } entry)
        {
            return Of(entry);
        }

        if (!turn.IsAbsent(EpicRow.Key(id)))
        {
            // What this decision had loaded is named again, or it would be forgotten before this load is back.
            _missing ??= [];
            _missing.Add(EpicRow.Key(id));
            if (task is { Facts.IsOpen: false })
            {
                _missing.Add(TaskRow.Key(task.Id));
            }

            if (task?.Detail is not null)
            {
                _missing.Add(TaskRow.DetailKey(task.Id));
            }
        }

        return null;
    }

    private Forecast Of(EpicEntry entry)
    {
        ref var forecast = ref CollectionsMarshal.GetValueRefOrAddDefault(Forecasts, entry.Id, out _);
        return forecast ??= new(entry.Facts, entry.Facts, entry.Counts);
    }

    private Decision On(Decision decision, DateTimeOffset at)
    {
        List<TaskRegistryEvent> events = [];
        foreach (var forecast in _forecasts!.Values)
        {
            forecast.Tell(events, at);
        }

        return events.Count == 0 ? decision : decision.Also(CollectionsMarshal.AsSpan(events));
    }

    /// <summary>An epic as it will be.</summary>
    /// <param name="before">As it is; null when it is new.</param>
    /// <param name="facts">As it will be, so far.</param>
    /// <param name="counts">Its tasks, so far.</param>
    private sealed class Forecast(EpicFacts? before, EpicFacts facts, EpicCounts counts)
    {
        private EpicCounts _counts = counts;
        private bool _hasMoved;

        public EpicFacts Facts { get; set; } = facts;

        public bool IsClaimed { get; set; }

        public void Count(WorkStatus status, int change)
        {
            _counts = _counts.With(status, change);
            _hasMoved = true;
        }

        public void Spend(Cost? cost) => Facts = Facts.Spent(cost);

        public void Refund(Cost cost) => Facts = Facts with { Cost = Facts.Cost.Minus(cost) };

        public void Tell(List<TaskRegistryEvent> events, DateTimeOffset at)
        {
            if (Facts.IsClosed)
            {
                return;
            }

            var status = Facts.Status;
            if (IsClaimed && status == EpicStatus.Planning)
            {
                status = EpicStatus.Active;
                events.Add(new EpicStarted(Facts.Id, at));
            }

            if (Facts.IsExhausted && before?.IsExhausted is not true)
            {
                events.Add(new EpicBudgetExhausted(Facts.Id, Facts.Spec.Budget!, Facts.Cost, at));
            }

            var course = !_hasMoved || _counts.Total == 0 ? status
                : _counts.Open > 0 ? (status.IsOpen() ? status : EpicStatus.Active)
                : _counts.Failed > 0 ? EpicStatus.Failed
                : EpicStatus.Completed;
            if (course != status)
            {
                events.Add(course == EpicStatus.Active ? new EpicReopened(Facts.Id, at) : new EpicEnded(Facts.Id, course, at));
            }
        }
    }
}
