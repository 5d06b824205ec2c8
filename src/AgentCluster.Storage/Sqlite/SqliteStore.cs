using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Directories;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// The store of one node alone: one SQLite file in WAL mode with <c>synchronous=FULL</c>. One thread writes, a few read,
/// and nobody who calls is blocked. The directory's lock is what makes this process the only one.
/// </summary>
public sealed class SqliteStore : IStore
{
    // Each shard has at most one batch on its way, and there are 256 shards by default.
    private const int WaitingWrites = 2_048;
    private const int WaitingReads = 4_096;
    private const int ReadingThreads = 4;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, RowTable> _tables;
    private readonly Desk<Writer> _writer;
    private readonly Desk<Reader> _readers;

    private SqliteStore(IEnumerable<RowTable> tables, Writer writer, IReadOnlyList<Reader> readers)
    {
        _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        _writer = new("writer", [writer], WaitingWrites, IdleAfter, idle => idle.Rest());
        _readers = new("readers", readers, WaitingReads, IdleAfter, _ => { });
    }

    /// <summary>The name of the file in the data directory.</summary>
    public static string FileName => "agentcluster.db";

    /// <summary>Which SQLite runs.</summary>
    public static SqliteLibrary Library => SqliteLibrary.Loaded;

    /// <summary>Opens the file in a directory that this process holds; makes it, or brings its schema up to date.</summary>
    /// <param name="directory">Held for as long as the store is open; not closed by it.</param>
    /// <param name="tables">The tables of every kind of actor; <see cref="RuntimeTables.All"/> are added.</param>
    /// <param name="shardCount">1 to 65,536; the same for the life of the file.</param>
    /// <param name="log">Where start-up and errors of the machine are written.</param>
    /// <exception cref="DataFileException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteStore Open(DataDirectory directory, IEnumerable<RowTable> tables, int shardCount, ILogger<SqliteStore> log)
    {
        var library = SqliteLibrary.Loaded;
        var path = directory.PathOf(FileName);
        RowTable[] all = [.. tables.Concat(RuntimeTables.All).Distinct()];
        var schema = new Schema(path, all, shardCount);
        var writer = new Writer(path, schema, log);
        try
        {
            Reader[] readers = [.. Enumerable.Range(0, ReadingThreads).Select(_ => new Reader(path, schema.Rows))];
            log.Opened(path, library);
            return new(all, writer, readers);
        }
        catch (SqliteError error)
        {
            writer.Dispose();
            throw schema.Explained(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<StoreBatch> batches, CancellationToken cancellationToken)
    {
        if (StoreRules.Defect(batches, _tables) is { } defect)
        {
            return new(CommitOutcome.Refused, [], defect);
        }

        try
        {
            return await _writer.AskAsync(writer => writer.Commit(batches), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new(CommitOutcome.Failed, [], "Cancelled before it was sent.");
        }
        catch (StoreUnavailableException notSent)
        {
            return new(CommitOutcome.Busy, [], notSent.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardLease>> AcquireAsync(
        IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(owner, Incarnation.None);
        return await _writer.AskAsync(writer => writer.Acquire(shards, owner), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IReadOnlyList<int> shards, Incarnation owner, CancellationToken cancellationToken) =>
        await _writer.AskAsync(writer =>
        {
            writer.Release(shards, owner);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ShardLease> SettleAsync(int shard, CancellationToken cancellationToken) =>
        await _writer.AskAsync(writer => writer.Settle(shard), cancellationToken).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ForgetCommandsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await _writer.AskAsync(writer => writer.Forget(before, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ActorImage> LoadAsync(ActorId actor, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Load(actor), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return ReadAsync(reader => reader.Events(shard, after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadActorEventsAsync(
        ActorId actor, int shard, long after, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return ReadAsync(reader => reader.Events(actor, shard, after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Head(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken)
    {
        StoreRules.CheckEventLimit(limit);
        return ReadAsync(reader => reader.Journal(after, upTo, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken)
    {
        StoreRules.Check(places);
        return ReadAsync(reader => reader.Places(places), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        StoreRules.Check(batch, _tables);
        return await _writer.AskAsync(writer => writer.Project(batch), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActorId>> OwnersAsync(
        RowQuery query, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        CheckKnown(query.Table);
        StoreRules.Check(query);
        return ReadAsync(reader => reader.Owners(query, shards), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Row>> ReadAsync(
        RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        CheckKnown(table);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000, nameof(ids));
        return ReadAsync(reader => reader.Read(table, ids), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        CheckKnown(query.Table);
        StoreRules.Check(query);
        return ReadAsync(reader => reader.Query(query), cancellationToken);
    }

    /// <summary>Finishes what was asked, copies the WAL back and closes the file. The writer is the last to close.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private void CheckKnown(RowTable table)
    {
        if (!_tables.ContainsKey(table.Name))
        {
            throw new ArgumentException($"The store was opened without a table '{table.Name}'.", nameof(table));
        }
    }

    private async ValueTask<T> ReadAsync<T>(Func<Reader, T> read, CancellationToken cancellationToken) =>
        await _readers.AskAsync(read, cancellationToken).WaitAsync(cancellationToken);
}
