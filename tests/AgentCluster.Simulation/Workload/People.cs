using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Workload;

/// <summary>Those who do not work on tasks: they answer questions, review what was handed in, and edit.</summary>
internal sealed class People(Board board)
{
    private static readonly AgentId Reviewer = new("r1");
    private readonly Caller _caller = board.CallerOf("people");
    private int _said;

    public async Task AnswerAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(6));
            if (board.Questions.Count > 0)
            {
                await AnswerAsync(board.Any(board.Questions));
            }
        }
    }

    public async Task ReviewAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(6));
            if (board.Reviews.Count > 0)
            {
                await ReviewAsync(board.Any(board.Reviews), board.Once(6) ? new("a1") : Reviewer, accept: !board.Once(3));
            }
        }
    }

    public async Task EditAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(6));
            if (board.Tasks.Count > 0 && board.Any(board.Tasks) is var task && await board.ReadAsync(_caller, task) is { } seen)
            {
                await board.World.Pass(board.Some(2));
                await EditAsync(seen);
            }
        }
    }

    /// <summary>When faults are over, whatever waits for people gets what it waits for.</summary>
    public async Task HelpAsync(TaskView task)
    {
        if (task.Status == WorkStatus.InputRequired)
        {
            await AnswerAsync(task);
        }
        else if (task.Review is { State: ReviewState.Pending })
        {
            await ReviewAsync(task, Reviewer, accept: true);
        }
        else if (board.Has(Feature.Budgets) && task is { Status: WorkStatus.Pending, Spec.EpicId: { } epic })
        {
            await _caller.AskAsync(board.HomeOf(epic.Value), new ChangeEpic(epic, new() { Budget = new(null) }, null));
        }
    }

    /// <summary>Some of those who write to each other watch, too.</summary>
    private AgentId Watcher() => new($"{(board.Has(Feature.Mail) ? 'c' : 'w')}{board.World.Random.Next(3)}");

    private async Task AnswerAsync(TaskView task)
    {
        var sentAt = board.World.Clock.Elapsed;
        if (await _caller.AskAsync(board.HomeOf(task.Id.Value), new AnswerInput(task.Id, $"answer {++_said}", null)) is { } reply)
        {
            board.Questions.RemoveAll(asked => asked.Id == task.Id);
            Sign(reply, sentAt);
        }
    }

    private async Task ReviewAsync(TaskView task, AgentId by, bool accept)
    {
        var sentAt = board.World.Clock.Elapsed;
        if (await _caller.AskAsync(
            board.HomeOf(task.Id.Value), new ReviewTask(task.Id, by, accept, accept ? [] : [$"not yet {++_said}"])) is TaskReply.Found found)
        {
            board.Reviews.RemoveAll(handed => handed.Id == task.Id);
            Sign(found, sentAt);
        }
    }

    /// <summary>The lease starts again in full.</summary>
    private void Sign(TaskReply reply, TimeSpan sentAt)
    {
        if (reply is TaskReply.Found { Task: { Claim: { } claim } task })
        {
            board.Journal.Claims.Sign(task.Id, claim.Token, sentAt, TimeSpan.FromSeconds(claim.LeaseSeconds));
        }
    }

    private async Task EditAsync(TaskView seen)
    {
        var home = board.HomeOf(seen.Id.Value);
        EpicId[] epics = [.. board.Epics.Where(epic => board.HomeOf(epic.Value) == home)];
        TaskPatch patch = new() { Title = $"{Texts.Title(board.Plan, board.World.Random, "edited")} {board.NewId()}" };
        patch = board.World.Random.Next(6) switch
        {
            0 when epics.Length > 0 => patch with { EpicId = board.Any(epics) },
            1 => patch with { Cleared = TaskFields.EpicId },
            2 => patch with { Priority = (Priority)board.World.Random.Next(5), MaxAttempts = 1 + board.World.Random.Next(5) },
            3 => patch with { Note = Texts.Note(board.Plan, board.World.Random, $"note {_said}") },
            _ => patch,
        };
        switch (board.World.Random.Next(12))
        {
            case 0:
                await _caller.AskAsync(home, new DeleteTasks([seen.Id]));
                break;
            case 1 or 2:
                await _caller.AskAsync(home, new WatchTask(seen.Id, Watcher(), !board.Once(3)));
                break;
            default:
                await _caller.AskAsync(home, new EditTask(seen.Id, patch, null, board.Once(4) ? null : seen.Version, null));
                break;
        }
    }
}
