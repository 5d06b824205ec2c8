using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// An agent that promised to beat, claims for hours, and falls silent: for good, or until it is offline, or until its grace
/// is over. Only its silence, or its leaving, frees what it holds.
/// </summary>
internal sealed class Deserter(Board board, AgentId agent)
{
    private const int LeaseSeconds = 7_200;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private readonly Caller _caller = board.CallerOf(agent.Value);
    private readonly ActorId _actor = Kinds.AgentOf(agent);

    public async Task WorkAsync()
    {
        var ttl = 1 + board.World.Random.Next(6);
        while (!board.IsEnding)
        {
            await RegisterAsync(ttl);
            await board.World.Pass(Soon());
            var home = board.Any(board.Projects);
            var sentAt = board.World.Clock.Elapsed;
            if (await _caller.AskAsync(home, new ClaimNext(new(agent, new(10, []), null), LeaseSeconds)) is not ClaimReply.Granted { Task: { } task })
            {
                continue;
            }

            var token = task.Claim!.Token;
            board.Journal.Claims.Sign(task.Id, token, sentAt, TimeSpan.FromSeconds(LeaseSeconds));
            for (var beats = board.World.Random.Next(4); beats > 0; beats--)
            {
                await board.World.Pass(TimeSpan.FromSeconds(ttl * 0.6));
                await BeatAsync();
            }

            if (!await VanishAsync(ttl))
            {
                break;
            }

            await BeatAsync();
            await _caller.AskAsync(home, new CompleteTask(task.Id, token, "back again", null, [], null, null));
        }

        await PromiseAsync(ttl);
    }

    /// <summary>What frees its claims is its promise, which a rollback, or its own leaving, may have taken away.</summary>
    private async Task PromiseAsync(int ttl)
    {
        while (!board.IsEnding || await _caller.AskAsync(_actor, new AgentCommand.ReadAgent()) is not AgentReply.Found)
        {
            await board.World.Pass(board.Some(3));
            if (board.IsEnding)
            {
                await RegisterAsync(ttl);
            }
        }
    }

    /// <returns>Whether it comes back.</returns>
    private async Task<bool> VanishAsync(int ttl)
    {
        board.Counts.Reached("deserted");
        switch (board.World.Random.Next(6))
        {
            case 0:
                return false;
            case 1:
                await board.World.Pass(TimeSpan.FromSeconds(ttl) + board.Some(20));
                return true;
            case 2:
                await board.World.Pass(TimeSpan.FromSeconds(ttl) + Grace + board.Some(4));
                return true;
            default:
                await _caller.AskAsync(_actor, new AgentCommand.DeregisterAgent());
                await board.World.Pass(Soon());
                return true;
        }
    }

    /// <summary>At once, half of the time: then it overtakes the word that it is gone.</summary>
    private TimeSpan Soon() => board.Some(board.Once(2) ? 0.02 : 2);

    private async Task RegisterAsync(int ttl)
    {
        var sentAt = board.World.Clock.Elapsed;
        if (await _caller.AskAsync(_actor, new AgentCommand.RegisterAgent(
            new() { Name = agent.Value, HeartbeatTtlSeconds = ttl }, Rotate: false)) is not null)
        {
            board.Journal.Presence.Sign(agent, sentAt);
        }
    }

    private async Task BeatAsync()
    {
        var sentAt = board.World.Clock.Elapsed;
        if (await _caller.AskAsync(_actor, new AgentCommand.Heartbeat()) is AgentReply.Found)
        {
            board.Journal.Presence.Sign(agent, sentAt);
        }
    }
}
