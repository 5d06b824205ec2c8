using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Where each task stands, by the journal alone. T1: a task goes only where it may go from where it is, and ends once.
/// T2: while it is parked or in review its claim does not lapse. T3: what has a reviewer ends by that reviewer's word.
/// </summary>
internal sealed class WorkOracle(Present present)
{
    private readonly Dictionary<TaskId, TaskModel> _tasks = [];

    public IReadOnlyDictionary<TaskId, TaskModel> Tasks => _tasks;

    public bool IsParked => _tasks.Values.Any(task => task.Status == WorkStatus.InputRequired);

    public bool IsInReview => _tasks.Values.Any(task => task.IsInReview);

    public void Forget() => _tasks.Clear();

    /// <summary>As it is shown: blocked while something that it depends on is neither done nor deleted.</summary>
    public WorkStatus Shown(TaskModel task) =>
        task.Status == WorkStatus.Pending
        && task.DependsOn.Any(on => _tasks.TryGetValue(on, out var gate) && gate.Status is not (WorkStatus.Completed or WorkStatus.Deleted))
            ? WorkStatus.Blocked
            : task.Status;

    public void Follow(ActorId registry, TaskRegistryEvent happened)
    {
        switch (happened)
        {
            case TaskCreated e:
                _tasks.Add(e.Task, new(registry, e.Spec.EpicId, e.Spec.Detail.Reviewer, [.. e.DependsOn.Select(each => each.On)]));
                break;
            case TaskClaimed e:
                Move(e.Task, WorkStatus.Running, WorkStatus.Pending).Holder = e.Agent;
                break;
            case TaskProgressed e:
                In(e.Task, WorkStatus.Running, WorkStatus.InputRequired).Spend(e.Cost);
                break;
            case InputRequired e:
                Move(e.Task, WorkStatus.InputRequired, WorkStatus.Running);
                present.Reached("parked");
                break;
            case InputAnswered e:
                Answered(In(e.Task, WorkStatus.InputRequired));
                break;
            case CompletionSubmitted e:
                Submitted(In(e.Task, WorkStatus.Running), e);
                break;
            case CompletionReturned e:
                Decided(In(e.Task, WorkStatus.Running), e.Task, e.Reviewer);
                present.Reached("review returned");
                break;
            case TaskCompleted e:
                Completed(Move(e.Task, WorkStatus.Completed, WorkStatus.Running), e);
                break;
            case ClaimEnded e:
                Ended(In(e.Task, WorkStatus.Running, WorkStatus.InputRequired), e);
                break;
            case TaskFailed e:
                Failed(Move(e.Task, WorkStatus.Failed, WorkStatus.Pending, WorkStatus.InputRequired), e);
                break;
            case TaskCancelled e:
                Leave(Move(e.Task, WorkStatus.Cancelled, WorkStatus.Pending, WorkStatus.Running, WorkStatus.InputRequired));
                break;
            case TaskDeleted e:
                Leave(Move(
                    e.Task, WorkStatus.Deleted, WorkStatus.Pending, WorkStatus.Running, WorkStatus.InputRequired, WorkStatus.Completed, WorkStatus.Failed, WorkStatus.Cancelled));
                break;
            case TaskWatched e:
                _tasks[e.Task].Watchers.Add(e.Agent.Value);
                present.Reached("watched");
                break;
            case TaskUnwatched e:
                _tasks[e.Task].Watchers.Remove(e.Agent.Value);
                break;
            case TaskEdited e:
                Edited(_tasks[e.Task], e);
                break;
        }
    }

    private void Answered(TaskModel task)
    {
        task.Status = task.Holder is null ? WorkStatus.Pending : WorkStatus.Running;
        present.Reached(task.Holder is null ? "answered when nobody held it" : "answered");
    }

    private void Submitted(TaskModel task, CompletionSubmitted e)
    {
        if (task.IsInReview || task.Reviewer != e.Reviewer)
        {
            throw new ViolationException("T3 review", $"{e.Task} was handed in to {e.Reviewer}; its reviewer is {task.Reviewer}, in review already: {task.IsInReview}");
        }

        task.IsInReview = true;
        present.Reached("handed in");
    }

    private static void Decided(TaskModel task, TaskId id, AgentId? by)
    {
        if (!task.IsInReview || task.Reviewer != by)
        {
            throw new ViolationException("T3 review", $"{id} was decided on by '{by}'; its reviewer is {task.Reviewer}, in review: {task.IsInReview}");
        }

        task.IsInReview = false;
    }

    private void Completed(TaskModel task, TaskCompleted e)
    {
        if (task.Reviewer is not null || task.IsInReview)
        {
            Decided(task, e.Task, e.Outcome.AcceptedBy);
            present.Reached("review accepted");
        }

        task.Spend(e.Cost);
        task.Holder = null;
    }

    private void Ended(TaskModel task, ClaimEnded e)
    {
        if (task.IsPaused && e.Cause == ClaimEnd.Lapsed)
        {
            throw new ViolationException("T2 paused", $"the claim of {e.Task} with {e.Token} lapsed while its lease was paused ({(task.IsInReview ? "in review" : "parked")})");
        }

        if (task.IsInReview && e.Cause == ClaimEnd.AgentGone)
        {
            throw new ViolationException("T2 paused", $"{e.Task} was handed in and was freed because its holder is gone");
        }

        if (task.Status == WorkStatus.InputRequired && e.Cause == ClaimEnd.AgentGone)
        {
            present.Reached("freed while parked");
        }
        else
        {
            task.Status = WorkStatus.Pending;
        }

        Leave(task);
    }

    // One that was parked fails too, but only when its holder is gone and that was its last attempt.
    private static void Failed(TaskModel task, TaskFailed e)
    {
        if (task.Holder is { } holder)
        {
            throw new ViolationException("T1 course", $"{e.Task} failed while {holder} held it");
        }
    }

    private static void Leave(TaskModel task)
    {
        task.Holder = null;
        task.IsInReview = false;
    }

    private void Edited(TaskModel task, TaskEdited e)
    {
        if (e.Patch.Fields.HasFlag(TaskFields.EpicId))
        {
            task.Epic = e.Patch.EpicId;
            present.Reached(task.Tokens > 0 ? "moved with its cost" : "moved");
        }

        present.Reached("edited");
    }

    private TaskModel Move(TaskId id, WorkStatus to, params ReadOnlySpan<WorkStatus> from)
    {
        var task = In(id, from);
        task.Status = to;
        return task;
    }

    private TaskModel In(TaskId id, params ReadOnlySpan<WorkStatus> from) =>
        _tasks.TryGetValue(id, out var task) && from.Contains(task.Status)
            ? task
            : throw new ViolationException(
                "T1 course", $"{id} is {(task is null ? "unknown" : $"{task.Status}")}, and something happened to it that needs it to be {string.Join(" or ", from.ToArray())}");
}
