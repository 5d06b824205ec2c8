using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Sqlite.Commands;
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
    private const int WaitingExaminations = 8;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMilliseconds(250);
    private const int IdsAtOnce = 1_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, RowTable> _tables;
    private readonly Desk<Writer> _writer;
    private readonly Desk<Reader> _readers;
    private readonly Desk<Examiner> _examiner;
    private readonly SeenCommands _seen;
    private readonly Wal _wal;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private readonly Task _sifting;

    private SqliteStore(string path, string realPath, IEnumerable<RowTable> tables, Writer writer, IReadOnlyList<Reader> readers, TimeSpan lookEvery, ILogger log)
    {
        (_wal, _seen, _log) = (writer.Wal, writer.Seen, log);
        _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        _writer = new("writer", [writer], WaitingWrites, IdleAfter, idle => idle.Rest());
        _readers = new("readers", readers, WaitingReads, IdleAfter, _ => { });
        _examiner = new("examiner", [new(path)], WaitingExaminations, IdleAfter, _ => { });
        _watching = WatchAsync(realPath, lookEvery);
        _sifting = SiftAsync();
    }

    /// <summary>The name of the file in the data directory.</summary>
    public static string FileName => "agentcluster.db";

    /// <summary>Which SQLite runs.</summary>
    public static SqliteLibrary Library => SqliteLibrary.Loaded;

    /// <summary>The last version of the schema that is known here.</summary>
    public static int KnownSchema => Migration.All[^1].Number;

    /// <summary>Completes, with what was found, when the file was moved, deleted or replaced under this process. What is written from then on is lost: end.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Opens the file in a directory that this process holds; makes it, or brings its schema up to date.</summary>
    /// <param name="directory">Held for as long as the store is open; not closed by it.</param>
    /// <param name="tables">The tables of every kind of actor; <see cref="RuntimeTables.All"/> are added.</param>
    /// <param name="shardCount">1 to 65,536; the same for the life of the file.</param>
    /// <param name="log">Where start-up and errors of the machine are written.</param>
    /// <param name="lookEvery">How often is looked whether the file is still in its place; null: each minute.</param>
    /// <exception cref="DataFileException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteStore Open(DataDirectory directory, IEnumerable<RowTable> tables, int shardCount, ILogger<SqliteStore> log, TimeSpan? lookEvery = null)
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
            return new(path, Path.Combine(directory.RealPath, FileName), all, writer, readers, lookEvery ?? LookEvery, log);
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

        if (_lost.Task.IsCompleted)
        {
            return new(CommitOutcome.Failed, [], await _lost.Task);
        }

        try
        {
            return await _writer.AskAsync(writer => writer.Commit(batches), goOnHere: true, cancellationToken);
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
    public async ValueTask ReleaseAsync(IReadOnlyList<ShardOwner> held, CancellationToken cancellationToken) =>
        await _writer.AskAsync(writer =>
        {
            writer.Release(held);
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
        return table.Name == RuntimeTables.Command.Name
            ? FindAsync(_seen.MayHold(ids), cancellationToken)
            : ReadAsync(reader => reader.Read(table, ids), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        CheckKnown(query.Table);
        StoreRules.Check(query);
        return ReadAsync(reader => reader.Query(query), cancellationToken);
    }

    /// <summary>What the file says of itself. Reads all of it; nobody waits for that but who asked.</summary>
    /// <param name="full">Whether every index is held against its table.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">It cannot be read, or too many ask.</exception>
    public async ValueTask<DataReport> ExamineAsync(bool full, CancellationToken cancellationToken) =>
        await _examiner.AskAsync(examiner => examiner.Examine(full), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>How durable what is answered is, in SQLite's words.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns><c>wal</c> and 2 (FULL) as this store is set up.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<(string JournalMode, long Synchronous)> DurabilityAsync(CancellationToken cancellationToken) =>
        await _writer.AskAsync(writer => writer.Durability(), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>
    /// Copies what is committed at one moment into a new file, while others write. The copy is marked as a backup: its first
    /// start begins a generation.
    /// </summary>
    /// <param name="file">Where to; must not exist. After an error, what is there is of no use.</param>
    /// <param name="at">What it is marked with, UTC.</param>
    /// <exception cref="StoreFullException">There is no room for it.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be read or written, or too many ask.</exception>
    /// <exception cref="DataFileException">The copy is damaged.</exception>
    public async ValueTask BackUpAsync(string file, DateTimeOffset at)
    {
        try
        {
            await _examiner.AskAsync(
                examiner =>
                {
                    _wal.IsCopied = true;
                    try
                    {
                        examiner.BackUp(file, at);
                        return true;
                    }
                    finally
                    {
                        _wal.IsCopied = false;
                    }
                },
                CancellationToken.None);
        }
        catch (StoreUnavailableException refused) when (refused.InnerException is SqliteError { IsFull: true })
        {
            throw new StoreFullException(refused.Message, refused);
        }
    }

    /// <summary>Finishes what was asked, copies the WAL back and closes the file. The writer is the last to close.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watching;
        await _sifting;
        _closing.Dispose();
        await _examiner.DisposeAsync();
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
    }

    /// <summary>SQLite writes on into a file that has no name any more, and what is answered then would be lost.</summary>
    private async Task WatchAsync(string file, TimeSpan every)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                if (OpenFiles.Loss(file) is not null && await SureLossAsync(file) is { } found)
                {
                    _log.FileLost(found);
                    _lost.TrySetResult(found);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>Makes a sieve of the commands that are remembered, and another one whenever it is full.</summary>
    private async Task SiftAsync()
    {
        try
        {
            while (true)
            {
                if (await IsSiftedAsync(_closing.Token))
                {
                    await _seen.Full.WaitAsync(_closing.Token);
                }
                else
                {
                    // Without a sieve, or with a coarse one, more is looked up, and nothing is wrong.
                    await Task.Delay(LookEvery, _closing.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private async Task<bool> IsSiftedAsync(CancellationToken closing)
    {
        try
        {
            await SiftOnceAsync(closing);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task SiftOnceAsync(CancellationToken closing)
    {
        // A file of an older version has none of them sorted. Others write in between.
        while (await _writer.AskAsync(writer => writer.SortTail(), closing))
        {
        }

        var stored = await ReadAsync(reader => reader.Read(CommandReads.Count), closing);
        await AlongAsync(seen => seen.Begin(stored));
        for (var after = 0L; ;)
        {
            var page = await ReadAsync(reader => reader.Read(prepare => CommandReads.Page(prepare, after, IdsAtOnce)), closing);
            if (page.Ids.Count == 0)
            {
                break;
            }

            await AlongAsync(seen => seen.Put(page.Ids));
            after = page.Last;
        }

        await AlongAsync(seen => seen.Finish());

        Task AlongAsync(Action<SeenCommands> change) => _writer.AskAsync(
            writer =>
            {
                change(writer.Seen);
                return true;
            },
            closing);
    }

    // After an error all connections may be closed for a moment: whether the writer's is open is certain on its thread only.
    private async ValueTask<string?> SureLossAsync(string file)
    {
        try
        {
            return await _writer.AskAsync(writer => writer.IsOpen ? OpenFiles.Loss(file) : null, _closing.Token);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private void CheckKnown(RowTable table)
    {
        if (!_tables.ContainsKey(table.Name))
        {
            throw new ArgumentException($"The store was opened without a table '{table.Name}'.", nameof(table));
        }
    }

    private ValueTask<IReadOnlyList<Row>> FindAsync(IReadOnlyList<string> commands, CancellationToken cancellationToken) => commands.Count == 0
        ? new([])
        : ReadAsync(reader => reader.Read(prepare => CommandReads.Find(prepare, commands)), cancellationToken);

    private async ValueTask<T> ReadAsync<T>(Func<Reader, T> read, CancellationToken cancellationToken) =>
        await _readers.AskAsync(read, cancellationToken).WaitAsync(cancellationToken);
}
