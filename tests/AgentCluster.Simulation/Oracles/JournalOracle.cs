using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Watches every batch at the moment it is durable: S1 (sequences without a gap, epochs that never go back, one writer an
/// epoch), S2 (who writes is who acquired last), S3 (a command once), S4 (one live claim a task, tokens that only grow), S5 (only the current token acts, and none of a
/// past that was lost).
/// </summary>
internal sealed class JournalOracle(World world, FaultCounts counts)
{
    private readonly Dictionary<int, ShardLease> _shards = [];
    private readonly Dictionary<int, ShardLease> _acquired = [];
    private readonly Dictionary<ActorId, List<Row>> _snapshots = [];
    private readonly HashSet<string> _letters = [];
    private readonly Dictionary<TaskId, FencingToken> _live = [];
    private readonly Dictionary<ActorId, FencingToken> _last = [];
    private readonly Dictionary<string, long> _marks = [];
    private readonly HashSet<string> _commands = [];
    private readonly Dictionary<TaskId, ActorId> _homes = [];
    private readonly HashSet<(TaskId, FencingToken)> _ended = [];
    private readonly Dictionary<(TaskId, FencingToken), TimeSpan> _leasedUntil = [];
    private int _generation = 1;
    private bool _isRemembering;

    public Action<TimeSpan, string>? Tell { get; init; }

    /// <summary>Whether a task's claim was ended by its holder's own word with this token.</summary>
    public bool WasEndedWith(TaskId task, FencingToken token) => _ended.Contains((task, token));

    /// <summary>The registry that each task was written by.</summary>
    public IReadOnlyDictionary<TaskId, ActorId> Homes => _homes;

    public bool HasCommand(string id) => _commands.Contains(id);

    public bool HasClaims => _live.Count > 0;

    public bool HasLetters => _letters.Count > 0;

    /// <summary>All that were ever written, oldest first.</summary>
    public IReadOnlyList<Row> SnapshotsOf(ActorId actor) => _snapshots.GetValueOrDefault(actor) ?? [];

    /// <summary>A process has acquired shards: each gets an epoch that nobody had, and only it may write from here on.</summary>
    public void Acquired(IReadOnlyList<ShardLease> leases)
    {
        foreach (var lease in leases)
        {
            if (_acquired.TryGetValue(lease.Shard, out var before) && lease.Epoch <= before.Epoch)
            {
                throw new ViolationException("S1 one-writer", $"shard {lease.Shard} was acquired at epoch {lease.Epoch} after {before.Epoch}");
            }

            _acquired[lease.Shard] = lease;
        }
    }

    /// <summary>
    /// A holder was answered: its lease cannot have begun before <paramref name="sentAt"/>, so it cannot end before a lease
    /// later, less what clocks may differ.
    /// </summary>
    public void Sign(TaskId task, FencingToken token, TimeSpan sentAt, TimeSpan lease)
    {
        var until = sentAt + (lease * 0.97);
        if (!_leasedUntil.TryGetValue((task, token), out var before) || before < until)
        {
            _leasedUntil[(task, token)] = until;
        }
    }

    /// <summary>
    /// A holder's heartbeat was answered, which nobody tells the registry of. While the lease still runs it counts as any
    /// sign does; one that comes later may find the question asked and answered already.
    /// </summary>
    public void Beat(TaskId task, FencingToken token, TimeSpan sentAt, TimeSpan lease)
    {
        if (_leasedUntil.TryGetValue((task, token), out var until) && world.Clock.Elapsed < until)
        {
            Sign(task, token, sentAt, lease);
        }
    }

    public void Written(StoreBatch batch)
    {
        Fence(batch);
        Narrate(batch);
        foreach (var row in batch.Rows)
        {
            if (row.Table == RuntimeTables.Command && !_commands.Add(row.Row.Key.Id))
            {
                throw new ViolationException("S3 once", $"command {row.Row.Key.Id} of {row.Row.Owner} was written a second time");
            }

            if (row.Table == RuntimeTables.Snapshot)
            {
                (_snapshots.TryGetValue(row.Row.Owner, out var older) ? older : _snapshots[row.Row.Owner] = []).Add(row.Row);
            }

            if (row.Table == RuntimeTables.Outbox)
            {
                _letters.Add(row.Row.Key.Id);
            }

            if (row.Table == RuntimeTables.Received || row.Table == RuntimeTables.Sent)
            {
                Mark(row.Row);
            }
        }

        _letters.ExceptWith(batch.Gone.Where(gone => gone.Table == RuntimeTables.Outbox).Select(gone => gone.Id));
        foreach (var written in batch.Events.Where(written => written.Actor.Kind == Kinds.Registry))
        {
            Follow(written.Actor, batch.Held.Generation, (TaskRegistryEvent)TaskRegistryBehavior.Json.Events.Read(written.Name, written.Payload.Span));
        }
    }

    /// <summary>
    /// What is lost has not happened: what is known begins anew from what is left. Only tokens go on from the highest that
    /// was ever given, and promises to holders stand.
    /// </summary>
    public void RolledBack(Rollback rollback)
    {
        var given = _last.ToArray();
        _generation = rollback.Generation;
        _shards.Clear();
        _acquired.Clear();
        _snapshots.Clear();
        _letters.Clear();
        _live.Clear();
        _last.Clear();
        _marks.Clear();
        _commands.Clear();
        _homes.Clear();
        _ended.Clear();
        _isRemembering = true;
        foreach (var batch in rollback.Kept)
        {
            Written(batch);
        }

        _isRemembering = false;
        foreach (var (registry, token) in given)
        {
            _last[registry] = token;
        }
    }

    private void Narrate(StoreBatch batch)
    {
        if (Tell is null || _isRemembering)
        {
            return;
        }

        foreach (var written in batch.Events)
        {
            Tell(world.Clock.Elapsed, $"{written.Actor} {written.Name} {System.Text.Encoding.UTF8.GetString(written.Payload.Span)}");
        }

        foreach (var row in batch.Rows.Where(row => row.Table == RuntimeTables.Outbox || row.Table == RuntimeTables.Received))
        {
            Tell(world.Clock.Elapsed, $"{row.Table.Name} {row.Row.Key.Id} {System.Text.Encoding.UTF8.GetString(row.Row.Payload.Span)}");
        }
    }

    private void Fence(StoreBatch batch)
    {
        var held = batch.Held;
        if (held.Generation != _generation && !_isRemembering)
        {
            throw new ViolationException("S1 generation", $"shard {held.Shard} was written in generation {held.Generation}, and {_generation} has begun");
        }

        if (!_isRemembering && (!_acquired.TryGetValue(held.Shard, out var owner) || (held.Epoch, held.Owner) != (owner.Epoch, owner.Owner)))
        {
            throw new ViolationException(
                "S2 writer", $"shard {held.Shard} was written by {held.Owner} at epoch {held.Epoch}, and the last to acquire it is {_acquired.GetValueOrDefault(held.Shard)}");
        }

        if (_shards.TryGetValue(held.Shard, out var last))
        {
            if (held.Sequence != last.Sequence)
            {
                throw new ViolationException("S1 dense", $"shard {held.Shard} went on at {held.Sequence} after {last.Sequence}");
            }

            var newer = held.Generation.CompareTo(last.Generation) is not 0 and var generations ? generations : held.Epoch.CompareTo(last.Epoch);
            if (newer < 0 || (newer == 0 && held.Owner != last.Owner))
            {
                throw new ViolationException("S1 one-writer", $"shard {held.Shard} was written at epoch {held.Epoch} after {last.Epoch}");
            }
        }

        _shards[held.Shard] = held with { Sequence = batch.Sequence };
    }

    private void Mark(Row row)
    {
        var number = row.Columns[1].Number!.Value;
        if (number <= _marks.GetValueOrDefault($"{row.Key.Table}:{row.Key.Id}"))
        {
            throw new ViolationException("S3 letters", $"{row.Key.Table} {row.Key.Id} went from {_marks[$"{row.Key.Table}:{row.Key.Id}"]} to {number}");
        }

        if (row.Key.Table == RuntimeTables.Received.Name && number > _marks.GetValueOrDefault($"{RuntimeTables.Sent.Name}:{row.Key.Id}"))
        {
            throw new ViolationException("S3 letters", $"{row.Key.Id} was received up to {number} and never sent so far: an effect before its cause was durable");
        }

        _marks[$"{row.Key.Table}:{row.Key.Id}"] = number;
    }

    private void Follow(ActorId registry, int generation, TaskRegistryEvent happened)
    {
        if (Brought(happened) is { } brought && brought.Generation < generation)
        {
            throw new ViolationException("S5 restored", $"{happened} took effect in generation {generation}, and its token is of one that was lost");
        }

        switch (happened)
        {
            case TaskCreated e:
                _homes[e.Task] = registry;
                break;
            case TaskClaimed e when _live.TryGetValue(e.Task, out var live):
                throw new ViolationException("S4 one-holder", $"{e.Task} was claimed with {e.Token} while {live} is live");
            case TaskClaimed e when e.Token.Value <= _last.GetValueOrDefault(registry).Value:
                throw new ViolationException("S4 tokens-grow", $"{registry} gave token {e.Token} after {_last[registry]}");
            case TaskClaimed e:
                _live[e.Task] = _last[registry] = e.Token;
                Count("claimed");
                break;
            case TaskProgressed e:
                Current("progress", e.Task, e.Token);
                break;
            case TaskCompleted e:
                Current("complete", e.Task, e.Token);
                _live.Remove(e.Task);
                _ended.Add((e.Task, e.Token));
                Count("completed");
                break;
            case ClaimEnded { Cause: ClaimEnd.Lapsed } e when e.Token.Generation < generation:
                Current($"{e.Cause}", e.Task, e.Token);
                _live.Remove(e.Task);
                Count("claim of a lost past ended");
                break;
            case ClaimEnded { Cause: ClaimEnd.Lapsed } e when _leasedUntil.TryGetValue((e.Task, e.Token), out var until) && world.Clock.Elapsed < until:
                throw new ViolationException("S4 never-early", $"the claim of {e.Task} with {e.Token} lapsed at {world.Clock.Elapsed}, not before {until} was promised");
            case ClaimEnded e:
                Current($"{e.Cause}", e.Task, e.Token);
                _live.Remove(e.Task);
                if (e.Cause is ClaimEnd.Released or ClaimEnd.Failed)
                {
                    _ended.Add((e.Task, e.Token));
                }

                Count($"claim {e.Cause}".ToLowerInvariant());
                break;
            case TaskCancelled e:
                Count(_live.Remove(e.Task) ? "cancelled while held" : "cancelled");
                break;
            case TaskFailed e when _live.ContainsKey(e.Task):
                throw new ViolationException("S5 token", $"{e.Task} failed while it is held");
        }
    }

    /// <summary>The token that a holder brought to make this happen; null when no holder did.</summary>
    private static FencingToken? Brought(TaskRegistryEvent happened) => happened switch
    {
        TaskProgressed e => e.Token,
        InputRequired e => e.Token,
        CompletionSubmitted e => e.Token,
        TaskCompleted { Outcome.AcceptedBy: null } e => e.Token,
        ClaimEnded { Cause: ClaimEnd.Released or ClaimEnd.Failed } e => e.Token,
        _ => null,
    };

    private void Count(string state)
    {
        if (!_isRemembering)
        {
            counts.Reached(state);
        }
    }

    private void Current(string what, TaskId task, FencingToken token)
    {
        if (!_live.TryGetValue(task, out var live) || live != token)
        {
            throw new ViolationException("S5 token", $"{what} of {task} took effect with token {token}, live is {live.Value}");
        }
    }
}
