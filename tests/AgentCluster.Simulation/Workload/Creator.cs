using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;

namespace AgentCluster.Simulation.Workload;

/// <summary>Creates tasks, some of them under epics, some with a reviewer.</summary>
internal sealed class Creator(Board board)
{
    private readonly Caller _caller = board.CallerOf("creator");
    private int _made;

    public async Task GoOnAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(10));
            await CreateAsync(1 + board.World.Random.Next(3));
        }
    }

    public async Task CreateAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            TaskId task = new(board.NewId());
            var home = board.HomeOf(task.Value);
            TaskId[] before = [.. board.Tasks.Where(other => board.HomeOf(other.Value) == home)];
            var depends = board.Has(Feature.Dependencies) && before.Length > 0 && board.Once(2) ? new TaskId[] { board.Any(before) } : [];
            var spec = Spec(task);
            TaskRegistryCommand.CreateTasks create = new([new(task, spec, [.. depends])]);
            var id = _caller.NewId();
            var reply = await _caller.AskAsync(home, create, id);
            if (reply is CreateReply.Created)
            {
                board.Tasks.Add(task);
                board.Created(task.Value, async () =>
                {
                    if (spec.EpicId is { } epic)
                    {
                        await board.RepeatAsync(epic.Value);
                    }

                    return await _caller.AskAsync(home, create, id);
                });
            }
            else if (reply is null)
            {
                // Given up on: whether it exists is open, so nobody counts on it.
                board.Counts.Reached("create given up");
            }
            else
            {
                board.Counts.Reached("create refused");
            }
        }
    }

    private TaskSpec Spec(TaskId task)
    {
        EpicId[] epics = [.. board.Epics.Where(epic => board.HomeOf(epic.Value) == board.HomeOf(task.Value))];
        return new()
        {
            Title = Texts.Title(board.Plan, board.World.Random, $"task {++_made}"),
            Priority = (Priority)board.World.Random.Next(5),
            MaxAttempts = 1 + board.World.Random.Next(5),
            EpicId = epics.Length > 0 && !board.Once(3) ? board.Any(epics) : null,
            Detail = board.Has(Feature.Reviews) && board.Once(3) ? new() { Reviewer = new("r1") } : TaskDetail.None,
        };
    }
}
