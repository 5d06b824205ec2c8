using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Runtime;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>Sends commands as a good client does: with a key, and again with the same key until the outcome is known.</summary>
internal sealed class Caller(World world, SimulatedCluster cluster, Plan plan, CallerOracle oracle, string principal)
{
    private const int Remembered = 8;
    private readonly List<Func<bool, Task>> _answered = [];
    private int _keys;

    /// <summary>When it stops trying; commands that are under way then are abandoned.</summary>
    public bool HasStopped { get; set; }

    /// <summary>The name of a new command.</summary>
    public CommandId NewId() => new(principal, $"{principal}-{++_keys}", (UInt128)_keys);

    /// <inheritdoc cref="AskAsync{TReply}(ActorId, ICommand{TReply}, CommandId)"/>
    public Task<TReply?> AskAsync<TReply>(ActorId actor, ICommand<TReply> command)
        where TReply : class => AskAsync(actor, command, NewId());

    /// <summary>Asks until there is an answer; null when it stopped before.</summary>
    public async Task<TReply?> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId id)
        where TReply : class
    {
        for (var attempt = 1; !HasStopped; attempt++)
        {
            if (plan.Features.Contains(Feature.Impatience) && world.Random.Once(8))
            {
                // A copy of the same request, as a proxy or an impatient client sends it.
                var copy = AttemptAsync(actor, command, id, isCopy: true);
                await AttemptAsync(actor, command, id, isCopy: true);
                await copy;
            }

            if (await AttemptAsync(actor, command, id, isCopy: false) is { } reply)
            {
                await RepeatAsync(actor, command, id);
                return reply;
            }

            if (world.Random.Once(20))
            {
                // Gives up for good: what was said of the last attempt must stay true.
                return null;
            }

            await world.Pass(TimeSpan.FromSeconds(Math.Min(0.05 * Math.Pow(2, attempt), 3) * (0.5 + world.Random.NextDouble())));
        }

        return null;
    }

    public async Task<TaskReply?> ReadAsync(ActorId actor, TaskId task)
    {
        try
        {
            var floor = oracle.Floor(task);
            var asked = oracle.Asking(actor);
            var reply = await cluster.AskAsync(actor, new TaskRegistryCommand.ReadTask(task), null);
            oracle.Read(task, floor, reply, asked);
            return reply;
        }
        catch (Exception away) when (away is ActorUnavailableException or OutcomeUnknownException or ConnectionLostException)
        {
            return null;
        }
    }

    public async Task<EpicReply?> ReadAsync(ActorId actor, EpicId epic)
    {
        try
        {
            var floor = oracle.Floor(epic);
            var asked = oracle.Asking(actor);
            var reply = await cluster.AskAsync(actor, new TaskRegistryCommand.ReadEpic(epic), null);
            oracle.Read(epic, floor, reply, asked);
            return reply;
        }
        catch (Exception away) when (away is ActorUnavailableException or OutcomeUnknownException or ConnectionLostException)
        {
            return null;
        }
    }

    /// <summary>What lies unread in a mailbox; null when nobody said so.</summary>
    public async Task<IReadOnlyList<MailItem>?> InboxAsync(AgentId agent)
    {
        var actor = Kinds.AgentOf(agent);
        try
        {
            var floor = oracle.MailFloor(agent);
            var asked = oracle.Asking(actor);
            return await cluster.AskAsync(actor, new AgentCommand.ReadMailbox(), null) is MailboxReply.Found found
                ? await oracle.ReadAsync(agent, floor, found, asked)
                : null;
        }
        catch (Exception away) when (away is ActorUnavailableException or OutcomeUnknownException or ConnectionLostException)
        {
            return null;
        }
    }

    /// <summary>Remembers what was answered, and now and then says something of it again: alike, or something else under its key.</summary>
    private async Task RepeatAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId id)
        where TReply : class
    {
        if (!plan.Features.Contains(Feature.Repeats))
        {
            return;
        }

        _answered.Add(changed => changed
            ? AttemptAsync(actor, command, id with { Payload = UInt128.MaxValue }, isCopy: true)
            : AttemptAsync(actor, command, id, isCopy: true));
        if (_answered.Count > Remembered)
        {
            _answered.RemoveAt(0);
        }

        if (world.Random.Once(4))
        {
            await _answered[world.Random.Next(_answered.Count)](world.Random.Once(2));
        }
    }

    private async Task<TReply?> AttemptAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId id, bool isCopy)
        where TReply : class
    {
        var wasDone = oracle.Sent(actor, id);
        var asked = oracle.Asking(actor);
        try
        {
            var reply = await cluster.AskAsync(actor, command, id);
            oracle.Answered(actor, id, command, reply, asked, wasDone);
            return reply;
        }
        catch (CommandIdMismatchException)
        {
            oracle.Mismatched(actor, id, asked);
            return null;
        }
        catch (Exception error) when (error is not ViolationException)
        {
            if (isCopy)
            {
                oracle.Copied(actor, id);
            }
            else
            {
                oracle.Failed(actor, id, error);
            }

            return null;
        }
    }
}
