using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Watches every batch at the moment it is durable: S1 (sequences without a gap, epochs that never go back, one writer an
/// epoch), S2 (who writes is who acquired last), S3 (a command once). What its events mean is followed by the oracles of claims, work,
/// epics, presence, mail and reservations.
/// </summary>
internal sealed class JournalOracle
{
    private readonly World _world;
    private readonly Present _present;
    private readonly Dictionary<int, ShardLease> _shards = [];
    private readonly Dictionary<int, ShardLease> _acquired = [];
    private readonly Dictionary<ActorId, List<Row>> _snapshots = [];
    private readonly HashSet<string> _letters = [];
    private readonly Dictionary<string, long> _marks = [];
    private readonly HashSet<string> _commands = [];
    private int _generation = 1;

    public JournalOracle(World world, FaultCounts counts, MemberOracle members)
    {
        _world = world;
        _present = new(world, counts, members);
        Claims = new(_present);
        Work = new(_present);
        Epics = new(Work, _present);
        Presence = new(_present);
        Mail = new(_present);
        Reservations = new(_present, Claims, Mail);
    }

    public Action<TimeSpan, string>? Tell { get; init; }

    public ClaimOracle Claims { get; }

    public WorkOracle Work { get; }

    public EpicOracle Epics { get; }

    public PresenceOracle Presence { get; }

    public MailOracle Mail { get; }

    public ReservationOracle Reservations { get; }

    public bool HasCommand(string id) => _commands.Contains(id);

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

        foreach (var (table, id) in batch.Gone)
        {
            if (table == RuntimeTables.Outbox)
            {
                Taken(id);
            }
        }

        foreach (var written in batch.Events)
        {
            Follow(written, batch.Held.Generation);
        }

        Epics.Settle(batch);
        Reservations.Settle();
    }

    /// <summary>What is lost has not happened: what is known begins anew from what is left.</summary>
    public void RolledBack(Rollback rollback)
    {
        _generation = rollback.Generation;
        _shards.Clear();
        _acquired.Clear();
        _snapshots.Clear();
        _letters.Clear();
        _marks.Clear();
        _commands.Clear();
        Claims.Forget();
        Work.Forget();
        Epics.Forget();
        Presence.Forget();
        Mail.Forget();
        Reservations.Forget();
        _present.IsRemembering = true;
        foreach (var batch in rollback.Kept)
        {
            Written(batch);
        }

        Presence.Remembered();
        _present.IsRemembering = false;
    }

    private void Follow(EventWrite written, int generation)
    {
        if (written.Actor.Kind == Kinds.Registry)
        {
            var happened = (TaskRegistryEvent)TaskRegistryBehavior.Json.Events.Read(written.Name, written.Payload.Span);
            Claims.Follow(written.Actor, generation, happened);
            Mail.Follow(happened, Work.Tasks);
            Work.Follow(written.Actor, happened);
            Epics.Follow(written.Actor, happened);
            Presence.Follow(happened);
        }
        else if (written.Actor.Kind == Kinds.Agent)
        {
            var happened = (AgentEvent)AgentBehavior.Json.Events.Read(written.Name, written.Payload.Span);
            Presence.Follow(written.Actor, happened);
            Mail.Follow(written.Actor, happened);
        }
        else if (written.Actor.Kind == Kinds.Detector)
        {
            Reservations.Follow(written.Actor, (DetectorEvent)DetectorBehavior.Json.Events.Read(written.Name, written.Payload.Span));
        }
    }

    private void Narrate(StoreBatch batch)
    {
        if (Tell is null || _present.IsRemembering)
        {
            return;
        }

        foreach (var written in batch.Events)
        {
            Tell(_world.Clock.Elapsed, $"{written.Actor} {written.Name} {System.Text.Encoding.UTF8.GetString(written.Payload.Span)}");
        }

        foreach (var row in batch.Rows.Where(row => row.Table == RuntimeTables.Outbox || row.Table == RuntimeTables.Received))
        {
            Tell(_world.Clock.Elapsed, $"{row.Table.Name} {row.Row.Key.Id} {System.Text.Encoding.UTF8.GetString(row.Row.Payload.Span)}");
        }
    }

    private void Fence(StoreBatch batch)
    {
        var held = batch.Held;
        if (held.Generation != _generation && !_present.IsRemembering)
        {
            throw new ViolationException("S1 generation", $"shard {held.Shard} was written in generation {held.Generation}, and {_generation} has begun");
        }

        if (!_present.IsRemembering && (!_acquired.TryGetValue(held.Shard, out var owner) || (held.Epoch, held.Owner) != (owner.Epoch, owner.Owner)))
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

    /// <summary>A letter may be forgotten once its effect is durable, wherever its receiver is.</summary>
    private void Taken(string letter)
    {
        _letters.Remove(letter);
        var number = letter.LastIndexOf('#');
        if (long.Parse(letter.AsSpan(number + 1), CultureInfo.InvariantCulture) > _marks.GetValueOrDefault($"{RuntimeTables.Received.Name}:{letter[..number]}"))
        {
            throw new ViolationException("S3 letters", $"{letter} was forgotten before it was received");
        }
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
}
