using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Workload;

/// <summary>Plans epics: how much they may cost, how they go on, and when they are called off.</summary>
internal sealed class Planner(Board board)
{
    /// <summary>One slice and a bit, so that the second is there and costs little.</summary>
    private const int Masses = 1_050;

    private readonly Caller _caller = board.CallerOf("planner");
    private int _said;

    /// <summary>At the start: one to three a project.</summary>
    public async Task PlanAsync()
    {
        for (var count = board.Projects.Count * (1 + board.World.Random.Next(3)); count > 0; count--)
        {
            await CreateAsync(small: true);
        }
    }

    public async Task GoOnAsync()
    {
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(12));
            if (board.Epics.Count == 0)
            {
                continue;
            }

            var epic = board.Any(board.Epics);
            switch (board.World.Random.Next(4))
            {
                case 0 when board.Has(Feature.Sweeps):
                    await CallOffAsync(epic);
                    await CreateAsync(small: false);
                    break;
                case 0 or 1 when await board.ReadAsync(_caller, epic) is { } seen:
                    await board.World.Pass(board.Some(2));
                    await ChangeAsync(epic, Another(seen.Cost), board.Once(3) ? null : seen.Version);
                    break;
                default:
                    await board.ReadAsync(_caller, epic);
                    break;
            }
        }
    }

    /// <summary>Many tasks under one epic, which are then called off: more than one turn may cancel.</summary>
    public async Task MassAsync()
    {
        var epic = await CreateAsync(small: false);
        var home = board.HomeOf(epic.Value);
        for (var made = 0; made < Masses;)
        {
            var some = Math.Min(1_000, Masses - made);
            CreateTasks create = new([.. Enumerable.Range(0, some).Select(number =>
                new NewTask(new(board.NewId(home)), new() { Title = $"many {number}", EpicId = epic, Priority = Priority.P4 }, []))]);
            await UntilAsync(() => _caller.AskAsync(home, create));
            made += some;
        }

        await board.World.Pass(board.Some(5));
        board.Counts.Reached("masses called off");
        await UntilAsync(() => _caller.AskAsync(home, new CancelEpic(epic, "the simulation", null)));
    }

    private async Task<EpicId> CreateAsync(bool small)
    {
        EpicId epic = new(board.NewId());
        CreateEpic create = new(epic, new()
        {
            Title = Texts.Title(board.Plan, board.World.Random, $"epic {++_said}"),
            Budget = board.Has(Feature.Budgets) && small ? Another(Cost.None) : null,
        });
        var id = _caller.NewId();
        if (await _caller.AskAsync(board.HomeOf(epic.Value), create, id) is EpicReply.Found)
        {
            board.Epics.Add(epic);
            board.Created(epic.Value, async () => await _caller.AskAsync(board.HomeOf(epic.Value), create, id));
        }

        return epic;
    }

    /// <summary>Above what was spent or below it, in tokens or dollars.</summary>
    private Budget? Another(Cost cost) => board.World.Random.Next(4) switch
    {
        0 => null,
        1 => new(Usd: cost.ActualUsd + (board.World.Random.Next(6) * 0.5m)),
        _ => new(Tokens: Math.Max(0, cost.ActualTokens - 20 + board.World.Random.Next(200))),
    };

    private async Task ChangeAsync(EpicId epic, Budget? budget, long? version) => await _caller.AskAsync(
        board.HomeOf(epic.Value),
        new ChangeEpic(epic, new() { Title = $"epic, change {board.NewId()}", Budget = board.Has(Feature.Budgets) ? new(budget) : null }, version));

    private async Task CallOffAsync(EpicId epic)
    {
        var home = board.HomeOf(epic.Value);
        switch (board.World.Random.Next(4))
        {
            case 0:
                await _caller.AskAsync(home, new DeleteEpic(epic, null));
                break;
            case 1:
                await _caller.AskAsync(home, new DeleteEpics([.. board.Epics.Where(other => other == epic || (board.HomeOf(other.Value) == home && board.Once(4)))]));
                break;
            default:
                await _caller.AskAsync(home, new CancelEpic(epic, "the simulation", null));
                break;
        }
    }

    private async Task UntilAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        while (await ask() is null)
        {
            await board.World.Pass(board.Some(1));
        }
    }
}
