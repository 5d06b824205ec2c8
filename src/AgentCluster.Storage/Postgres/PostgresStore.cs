using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Storage.Postgres;

/// <summary>The store that several nodes share: one PostgreSQL database. Every change is one statement of its own transaction.</summary>
public sealed class PostgresStore : IStore, IMembers
{
    // Each shard has at most one batch on its way, and there are 256 shards by default.
    private const int WaitingWrites = 2_048;
    private const int WaitingReads = 4_096;
    private const int WaitingLeases = 2_048;

    private readonly Sources _sources;
    private readonly Dictionary<string, RowTable> _tables;
    private readonly Writer _writer;
    private readonly Reader _reader;
    private readonly MemberRows _members;
    private readonly Hints _hints;

    private PostgresStore(Sources sources, IReadOnlyList<RowTable> tables, Durability durability)
    {
        (_sources, Durability) = (sources, durability);
        _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        var leases = new Connections(sources, sources.Leases, WaitingLeases, sources.Statement);
        var reads = new Connections(sources, sources.Reads, WaitingReads, sources.Statement);
        _writer = new(new(sources, sources.Writes, WaitingWrites, sources.Statement), leases, tables);
        _reader = new(
            reads,
            tables.ToDictionary(table => table.Name, table => new RowSql(table), StringComparer.Ordinal));
        _members = new(leases, reads, sources.Renewal);
        _hints = new(sources);
    }

    /// <summary>What the database's settings make of "acknowledged", as they were when it was opened.</summary>
    public Durability Durability { get; }

    /// <summary>Connects; makes the schema, or brings it up to date.</summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="tables">The tables of every kind of actor; <see cref="RuntimeTables.All"/> are added.</param>
    /// <param name="shardCount">1 to 65,536; the same on every node, for the life of the database.</param>
    /// <param name="log">Where the start is written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatabaseException">The database cannot be used; the message says why and what to do.</exception>
    public static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, IEnumerable<RowTable> tables, int shardCount, ILogger<PostgresStore> log, CancellationToken cancellationToken)
    {
        RowTable[] all = [.. tables.Concat(RuntimeTables.All).Distinct()];
        var sources = new Sources(options);
        try
        {
            var durability = await new Database(sources, options, all, shardCount).PrepareAsync(cancellationToken);
            log.Opened(options, durability);
            return new(sources, all, durability);
        }
        catch
        {
            await sources.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? new(CommitOutcome.Failed, [], "Cancelled before it was sent.")
        : StoreRules.Defect(batches, _tables) is { } defect ? new(CommitOutcome.Refused, [], defect)
        : batches.Count == 0 ? CommitResult.Done
        : await WriteAsync(batches, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(owner, Incarnation.None);
        return await _writer.AcquireAsync(shards, owner, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await _writer.ReleaseAsync(held, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken) =>
        await _writer.SettleAsync(shard, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await _writer.ForgetAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        StoreRules.Check(batch, _tables);
        return await _writer.ProjectAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) =>
        await _reader.LoadAsync(actor, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return await _reader.EventsAsync(shard, after, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return await _reader.EventsAsync(actor, shard, after, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => await _reader.HeadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return await _reader.JournalAsync(after, upTo, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken)
    {
        StoreRules.Check(places);
        return await _reader.PlacesAsync(places, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        CheckKnown(query.Table);
        StoreRules.Check(query);
        return await _reader.OwnersAsync(query, shards, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        CheckKnown(table);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000, nameof(ids));
        return await _reader.ReadAsync(table, ids, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        CheckKnown(query.Table);
        StoreRules.Check(query);
        return await _reader.QueryAsync(query, cancellationToken);
    }

    /// <summary>Reads again what the database's settings make of "acknowledged".</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async ValueTask<Durability> ReadDurabilityAsync(CancellationToken cancellationToken) => await _reader.DurabilityAsync(cancellationToken);

    /// <inheritdoc/>
    public void Listen(Action changed, Action written) => _hints.Start(changed, written);

    /// <inheritdoc/>
    public void Hint() => _hints.Give(Hints.Changed);

    /// <inheritdoc/>
    public async ValueTask JoinAsync(Member self, CancellationToken cancellationToken)
    {
        await _members.JoinAsync(self, cancellationToken);
        Hint();
    }

    /// <inheritdoc/>
    public async ValueTask<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken) =>
        await _members.RenewAsync(self, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken) =>
        await _members.DeclareDownAsync(member, counter, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken) =>
        await _members.AskToLeaveAsync(member, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> BeginGenerationAsync(CancellationToken cancellationToken) =>
        await _members.BeginGenerationAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardLease>> TakeAsync(
        IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken) =>
        await _members.TakeAsync(found, generation, owner, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken) =>
        await _members.ReadPostAsync(owned, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _hints.DisposeAsync();
        await _sources.DisposeAsync();
    }

    private async ValueTask<CommitResult> WriteAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        var result = await _writer.CommitAsync(batches, cancellationToken);
        _hints.Give(Hints.Written);
        return result;
    }

    private void CheckKnown(RowTable table)
    {
        if (!_tables.ContainsKey(table.Name))
        {
            throw new ArgumentException($"The store was opened without a table '{table.Name}'.", nameof(table));
        }
    }
}
