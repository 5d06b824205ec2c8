using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// One of those who reserve paths: alone and shared, for a while or with a claim; who renews in time, late or never, waits for its turn
/// or gives up, dies with what it has, and tries to give back what others have.
/// </summary>
internal sealed class Reserver(Board board, AgentId agent, IReadOnlyList<ActorId> repositories)
{
    /// <summary>Longer than a run: what is tied to a claim has no other end than the claim's, or its own release.</summary>
    private const int TiedSeconds = 7_200;

    private const int LongestWait = 20;

    private readonly Caller _caller = board.CallerOf(agent.Value);
    private readonly ActorId _actor = Kinds.AgentOf(agent);
    private readonly List<Wish> _wishes = [];
    private readonly Dictionary<TaskId, (ActorId Home, FencingToken Token)> _claims = [];

    public async Task WorkAsync()
    {
        await RegisterAsync();
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(3));
            switch (board.World.Random.Next(12))
            {
                case 0 or 1 or 2 or 3:
                    await ReserveAsync(Anything(null));
                    break;
                case 4 or 5:
                    await ReserveForAClaimAsync();
                    break;
                case 6 or 7 when _wishes.Count > 0:
                    await ReserveAsync(board.Any(_wishes));
                    break;
                case 8 when _claims.Count > 0:
                    await EndClaimAsync(_claims.Keys.First());
                    break;
                case 9:
                    Die();
                    break;
                case 10:
                    await ReadAsync();
                    break;
                default:
                    await GiveBackAsync();
                    break;
            }
        }

        await EndAsync();
    }

    private async Task RegisterAsync() =>
        await _caller.AskAsync(_actor, new AgentCommand.RegisterAgent(new() { Name = agent.Value }, Rotate: false));

    private Wish Anything(TaskView? task) => new(
        board.Any(repositories),
        Enumerable.Range(0, 1 + board.World.Random.Next(3)).Select(_ => board.Any(Sites.Patterns)).Distinct().Order(StringComparer.Ordinal).ToValueList(),
        board.Once(3) ? ReservationMode.Shared : ReservationMode.Exclusive,
        task is null ? 2 + board.World.Random.Next(30) : TiedSeconds,
        task?.Id,
        task?.Claim?.Token);

    private async Task ReserveAsync(Wish wanted)
    {
        // The same again means the same time, so that no answer that was lost makes a promise shorter.
        var wish = _wishes.FirstOrDefault(known => known with { TtlSeconds = wanted.TtlSeconds } == wanted) ?? wanted;
        if (!_wishes.Contains(wish))
        {
            _wishes.Add(wish);
        }

        Reservation asked = new(new(board.NewId()), agent, wish.Paths, wish.Mode, wish.TtlSeconds)
        {
            Task = wish.Task,
            Token = wish.Token,
            Project = wish.Task is { } task ? board.HomeOf(task.Value).Name : null,
            Stake = SomeStake(),
        };
        var sentAt = board.World.Clock.Elapsed;
        var reply = await _caller.AskAsync(wish.Repository, new Reserve(asked));
        if (reply is ReserveReply.Granted granted)
        {
            board.Journal.Reservations.Sign(granted.Reservation.Id, sentAt, TimeSpan.FromSeconds(wish.TtlSeconds));
        }
        else if (reply is ReserveReply.Refused refused)
        {
            board.Journal.Reservations.Sign(refused.Want.Id, sentAt, TimeSpan.FromSeconds(wish.TtlSeconds));
            await board.World.Pass(board.Some(board.Once(2) ? 1 : Math.Min(wish.TtlSeconds, LongestWait)));
        }
    }

    /// <summary>Some are urgent, and some of those can wait for what must be done before.</summary>
    private Stake SomeStake() => !board.Once(3) ? Stake.None : new()
    {
        Priority = board.Any([Priority.P0, Priority.P1, Priority.P3]),
        Weight = board.Once(2) ? board.World.Random.Next(3) : null,
        RemainingSeconds = board.Once(2) ? board.World.Random.Next(60) : null,
        Deadline = board.Once(2) ? board.World.Clock.GetUtcNow().AddSeconds(board.World.Random.Next(120)) : null,
    };

    /// <summary>With a claim of its own; now and then with one that was over before, or never was.</summary>
    private async Task ReserveForAClaimAsync()
    {
        var home = board.Any(board.Projects);
        var sentAt = board.World.Clock.Elapsed;
        if (await _caller.AskAsync(home, new ClaimNext(new(agent, new(10, []), null), board.Plan.LeaseSeconds)) is not ClaimReply.Granted { Task: { } task })
        {
            return;
        }

        var token = task.Claim!.Token;
        board.Journal.Claims.Sign(task.Id, token, sentAt, TimeSpan.FromSeconds(board.Plan.LeaseSeconds));
        _claims[task.Id] = (home, token);
        if (board.Once(4))
        {
            await EndClaimAsync(task.Id);
        }

        await ReserveAsync(Anything(task));
        if (board.Once(2))
        {
            await ReserveAsync(Anything(task));
        }
    }

    private async Task EndClaimAsync(TaskId task)
    {
        var (home, token) = _claims[task];
        _claims.Remove(task);
        if (board.Once(2))
        {
            await _caller.AskAsync(home, new ReleaseTask(task, token, null));
        }
        else if (await _caller.AskAsync(home, new CompleteTask(task, token, "done", null, [], null, null))
            is CompleteReply.Completed { Task: { Review.State: ReviewState.Pending } handed })
        {
            board.Reviews.Add(handed);
        }
    }

    /// <summary>The next one of its name knows nothing of what it had.</summary>
    private void Die()
    {
        board.Counts.Reached("died with reservations");
        _claims.Clear();
    }

    private async Task ReadAsync()
    {
        await RegisterAsync();
        if (await _caller.InboxAsync(agent) is { Count: > 0 } items)
        {
            await _caller.AskAsync(_actor, new AgentCommand.AcknowledgeMail(items[^1].Seq));
        }
    }

    /// <summary>Something of its own; now and then what another has, which is refused.</summary>
    private async Task GiveBackAsync()
    {
        var all = board.Journal.Reservations.All.Where(each => each.Agent == agent || board.Once(8)).ToList();
        if (all.Count > 0)
        {
            var (repository, id, _) = board.Any(all);
            await _caller.AskAsync(repository, new ReleaseReservation(id, agent));
        }
    }

    /// <summary>Faults have stopped: it gives back what it has, but for what ends with a claim.</summary>
    private async Task EndAsync()
    {
        while (board.Journal.Reservations.All.Any(each => each.Agent == agent))
        {
            foreach (var task in _claims.Keys.ToArray())
            {
                await EndClaimAsync(task);
            }

            foreach (var (repository, id, _) in board.Journal.Reservations.All.Where(each => each.Agent == agent && !board.Journal.Reservations.IsTied(each.Id)).ToArray())
            {
                await _caller.AskAsync(repository, new ReleaseReservation(id, agent));
            }

            await board.World.Pass(board.Some(2));
        }
    }

    /// <summary>What it asks for, as often as it asks.</summary>
    private sealed record Wish(ActorId Repository, ValueList<string> Paths, ReservationMode Mode, int TtlSeconds, TaskId? Task, FencingToken? Token);
}
