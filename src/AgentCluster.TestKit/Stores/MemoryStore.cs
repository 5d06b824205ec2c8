using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <summary>
/// A store in memory. A call is a request leg, one atomic moment, and a reply leg; with both at zero it completes before
/// it returns. The data is this object: a runtime that is dropped and started again on the same store is a restarted node.
/// </summary>
/// <remarks>What it is given it keeps, without a copy.</remarks>
public sealed partial class MemoryStore : IStore, IMembers
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, RowTable> _schema;
    private readonly Dictionary<string, MemoryTable> _tables;
    private readonly SortedDictionary<int, MemoryShard> _shards = [];
    private readonly List<Task> _onTheWay = [];
    private int _generation = 1;

    /// <summary>Makes an empty store.</summary>
    /// <param name="tables">The tables of the kinds that will use it; <see cref="RuntimeTables.All"/> are added.</param>
    /// <param name="clock">Times the legs.</param>
    public MemoryStore(IEnumerable<RowTable> tables, TimeProvider clock)
    {
        _clock = clock;
        _schema = tables.Concat(RuntimeTables.All).Distinct().ToDictionary(table => table.Name, StringComparer.Ordinal);
        _tables = _schema.Keys.ToDictionary(name => name, _ => new MemoryTable(), StringComparer.Ordinal);
    }

    /// <summary>How long a call takes to reach the data.</summary>
    public TimeSpan RequestLeg { get; set; }

    /// <summary>How long an answer takes to come back.</summary>
    public TimeSpan ReplyLeg { get; set; }

    /// <summary>How many groups were written.</summary>
    public long Commits { get; private set; }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new(new CommitResult(CommitOutcome.Failed, [], "Cancelled before it was sent."));
        }

        return RequestLeg == TimeSpan.Zero && ReplyLeg == TimeSpan.Zero
            ? new(Write(batches))
            : new(AtAsync(() => Write(batches), isWrite: true, CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(owner, Incarnation.None);
        return AskAsync<IReadOnlyList<ShardLease>>(() => [.. shards.Select(number =>
        {
            var shard = Shard(number);
            return shard.Lease = shard.Lease with { Epoch = shard.Lease.Epoch + 1, Owner = owner };
        })], isWrite: true, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await AskAsync(() =>
        {
            foreach (var shard in held.Select(each => (each, Shard: Shard(each.Shard)))
                .Where(found => (found.Shard.Lease.Epoch, found.Shard.Lease.Owner) == (found.each.Epoch, found.each.Owner)).Select(found => found.Shard))
            {
                shard.Lease = shard.Lease with { Owner = Incarnation.None };
            }

            return true;
        }, isWrite: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken)
    {
        Task[] before;
        lock (_gate)
        {
            before = [.. _onTheWay];
        }

        foreach (var sent in before)
        {
            await sent.WaitAsync(cancellationToken);
        }

        return await AskAsync(() => Shard(shard).Lease, isWrite: false, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) => AskAsync(
        () => new ActorImage(
            _tables[RuntimeTables.Snapshot.Name].Find(actor.ToString()),
            _tables[RuntimeTables.Outbox.Name].OwnedBy(actor),
            _tables[RuntimeTables.Sent.Name].OwnedBy(actor),
            _tables[RuntimeTables.Received.Name].OwnedBy(actor),
            _tables[RuntimeTables.Timer.Name].OwnedBy(actor)),
        isWrite: false,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return AskAsync(() => Shard(shard).Read(after, limit), isWrite: false, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return AskAsync(() => Shard(shard).Read(actor, after, limit), isWrite: false, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        AskAsync(() => new JournalHead(_generation, JournalCursor.At([.. Ends()])), isWrite: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return AskAsync(
            () => new JournalPage(
                _generation,
                [.. JournalShares.Share(Ends(), after, upTo, limit).SelectMany(share => Shard(share.Shard).Read(share.After, share.Count))]),
            isWrite: false,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken)
    {
        StoreRules.Check(places);
        return AskAsync<IReadOnlyList<StoredEvent>>(
            () => [.. places.SelectMany(place => Shard(place.Shard).Read(place.Sequence - 1, 1).Where(stored => stored.Sequence == place.Sequence))],
            isWrite: false,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        StoreRules.Check(batch, _schema);
        return AskAsync(() =>
        {
            var stored = _tables[RuntimeTables.Projection.Name].Find(batch.Projection)?.Columns[0].Number ?? 0;
            if (batch.Generation != _generation || batch.Version != stored + 1)
            {
                return false;
            }

            _tables[RuntimeTables.Projection.Name].Put(batch.Mark, 0);
            foreach (var (table, row) in batch.Rows)
            {
                _tables[table.Name].Put(row, 0);
            }

            foreach (var (table, id) in batch.Gone)
            {
                _tables[table.Name].Remove(id, 0);
            }

            return true;
        }, isWrite: true, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        StoreRules.Check(query);
        var filter = new RowFilter(query);
        var among = shards.ToHashSet();
        return AskAsync<IReadOnlyList<ActorId>>(
            () => [.. Table(query.Table).Rows
                .Where(found => among.Contains(found.Shard) && filter.Meets(found.Row))
                .Select(found => found.Row.Owner)
                .Distinct()
                .OrderBy(owner => owner.ToString(), CodePoints.Order)],
            isWrite: false,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var at = RuntimeTables.Command.IndexOf("at");
        return AskAsync(() =>
        {
            var table = _tables[RuntimeTables.Command.Name];
            var old = table.Rows
                .Where(found => found.Row.Columns[at].Number < RowValue.Micros(before))
                .OrderBy(found => found.Row.Columns[at].Number).ThenBy(found => found.Row.Key.Id, CodePoints.Order)
                .Take(limit).ToList();
            old.ForEach(found => table.Remove(found.Row.Key.Id, found.Shard));
            return old.Count;
        }, isWrite: true, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000, nameof(ids));
        return AskAsync<IReadOnlyList<Row>>(
            () => [.. ids.Distinct().Select(Table(table).Find).OfType<Row>()], isWrite: false, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        StoreRules.Check(query);
        var filter = new RowFilter(query);
        return AskAsync(() =>
        {
            var rows = Candidates(query).Where(filter.Meets).Order(filter).ToList();
            return new RowPage(
                [.. rows.Skip(query.Offset).Take(query.Limit ?? int.MaxValue)], query.WithTotal ? rows.Count : null);
        }, isWrite: false, cancellationToken);
    }

    /// <summary>Does nothing: the data outlives its users.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<Row> Candidates(RowQuery query) =>
        query.Where.FirstOrDefault(condition => condition is { Column: "owner", Is: RowTest.Equal }) is { } owned
            && owned.Values[0].Text is { } owner && owner.Contains('/', StringComparison.Ordinal)
            ? Table(query.Table).OwnedBy(ActorId.Parse(owner))
            : Table(query.Table).Rows.Select(found => found.Row);

    private IEnumerable<(int Shard, long Sequence)> Ends() => _shards.Values.Select(shard => (shard.Lease.Shard, shard.Lease.Sequence));

    private MemoryTable Table(RowTable table) => _tables.TryGetValue(table.Name, out var found)
        ? found
        : throw new ArgumentException($"The store was opened without a table '{table.Name}'.", nameof(table));

    private MemoryShard Shard(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (!_shards.TryGetValue(number, out var shard))
        {
            _shards.Add(number, shard = new(number, _generation));
        }

        return shard;
    }

    /// <summary>What a restore ends with: a newer generation, in which no shard has an owner yet.</summary>
    internal void Raise(int generation)
    {
        _generation = generation;
        foreach (var shard in _shards.Values)
        {
            shard.Lease = shard.Lease with { Generation = generation, Owner = Incarnation.None };
        }
    }

    /// <summary>A broken rule: the fence compares no generation and no owner.</summary>
    internal bool FencesByEpochOnly { get; set; }

    /// <summary>The atomic moment of a commit.</summary>
    internal CommitResult Write(IReadOnlyList<StoreBatch> batches)
    {
        if (StoreRules.Defect(batches, _schema) is { } defect)
        {
            return new(CommitOutcome.Refused, [], defect);
        }

        lock (_gate)
        {
            List<int>? fenced = null;
            for (var i = 0; i < batches.Count; i++)
            {
                if (!Shard(batches[i].Held.Shard).Admits(batches[i].Held, FencesByEpochOnly))
                {
                    (fenced ??= []).Add(batches[i].Held.Shard);
                }
            }

            if (Foreign(batches, fenced) is { } foreign)
            {
                return new(CommitOutcome.Refused, [], foreign);
            }

            for (var i = 0; i < batches.Count; i++)
            {
                if (fenced?.Contains(batches[i].Held.Shard) != true)
                {
                    Write(batches[i]);
                }
            }

            Commits++;
            return fenced is null ? CommitResult.Done : new(CommitOutcome.Done, fenced);
        }
    }

    /// <summary>A row that exactly one actor writes was written by another: a data error, found before anything is changed.</summary>
    private string? Foreign(IReadOnlyList<StoreBatch> batches, List<int>? fenced)
    {
        var added = batches.Count > 1 ? new Dictionary<RowKey, ActorId>() : null;
        for (var i = 0; i < batches.Count; i++)
        {
            for (var j = 0; fenced?.Contains(batches[i].Held.Shard) != true && j < batches[i].Rows.Count; j++)
            {
                var row = batches[i].Rows[j].Row;
                if (_tables[row.Key.Table].Find(row.Key.Id)?.Owner is { } owner
                        ? owner != row.Owner
                        : added?.TryAdd(row.Key, row.Owner) == false)
                {
                    return $"Row '{row.Key.Id}' of table '{row.Key.Table}' is not {row.Owner}'s to write: another actor owns it.";
                }
            }
        }

        return null;
    }

    private void Write(StoreBatch batch)
    {
        var number = batch.Held.Shard;
        Shard(number).Append(batch);
        for (var i = 0; i < batch.Rows.Count; i++)
        {
            _tables[batch.Rows[i].Table.Name].Put(batch.Rows[i].Row, number);
        }

        for (var i = 0; i < batch.Gone.Count; i++)
        {
            _tables[batch.Gone[i].Table.Name].Remove(batch.Gone[i].Id, number);
        }
    }

    private ValueTask<T> AskAsync<T>(Func<T> ask, bool isWrite, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (RequestLeg == TimeSpan.Zero && ReplyLeg == TimeSpan.Zero)
        {
            lock (_gate)
            {
                return new(ask());
            }
        }

        return new(AtAsync(() =>
        {
            lock (_gate)
            {
                return ask();
            }
        }, isWrite, cancellationToken));
    }

    private async Task<T> AtAsync<T>(Func<T> moment, bool isWrite, CancellationToken cancellationToken)
    {
        var stop = isWrite ? CancellationToken.None : cancellationToken;
        var effect = EffectAsync(moment, stop);
        if (isWrite)
        {
            await TrackAsync(effect);
        }

        var answer = await effect;
        await Task.Delay(ReplyLeg, _clock, stop);
        return answer;
    }

    private async Task<T> EffectAsync<T>(Func<T> moment, CancellationToken stop)
    {
        await Task.Delay(RequestLeg, _clock, stop);
        return moment();
    }

    /// <summary>What is on the way may still take effect: settling waits for it.</summary>
    private async Task TrackAsync(Task effect)
    {
        lock (_gate)
        {
            _onTheWay.Add(effect);
        }

        await effect;
        lock (_gate)
        {
            _onTheWay.Remove(effect);
        }
    }
}
