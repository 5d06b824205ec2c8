using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite.Commands;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// The one connection that writes, and that copies the WAL back (a second one that did either could meet SQLite's
/// WAL-reset bug). It lives on one thread.
/// </summary>
/// <remarks>
/// A COMMIT that fails in the machine may have left its frames in the WAL, where a recovery after a crash would find
/// them, although this process has seen an error. So the connection is closed and opened again, and opening writes a
/// small commit of its own over that place: only then is it settled, and settling tells the truth.
/// </remarks>
internal sealed class Writer : IDisposable
{
    private readonly string _path;
    private readonly Schema _schema;
    private readonly ILogger _log;
    private readonly Wal _wal;
    private WriterStatements? _open;

    /// <summary>Opens the file, makes or migrates what is in it.</summary>
    /// <exception cref="DataFileException">The file is not one of ours, is damaged, or is of a newer version.</exception>
    public Writer(string path, Schema schema, ILogger log)
    {
        (_path, _schema, _log, _wal) = (path, schema, log, new(log));
        try
        {
            _open = Open(isFirst: true);
            if (schema.Restored is { } generation)
            {
                log.Restored(path, generation);
            }
        }
        catch (SqliteError error)
        {
            throw schema.Explained(error);
        }
    }

    /// <summary>Which commands may be remembered.</summary>
    public SeenCommands Seen { get; } = new();

    /// <summary>When the log is copied back.</summary>
    public Wal Wal => _wal;

    /// <summary>Whether it has the file open. It closes it after an error, until it is needed again.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>Whether what is answered is durable, in SQLite's words.</summary>
    public (string JournalMode, long Synchronous) Durability()
    {
        var connection = Ready().Connection;
        return (connection.Texts("PRAGMA journal_mode")[0], connection.Scalar("PRAGMA synchronous"));
    }

    /// <summary>Never throws; see <see cref="IStore.CommitAsync"/>.</summary>
    public CommitResult Commit(IReadOnlyList<StoreBatch> batches)
    {
        List<int>? fenced = null;
        Seen.Sent(batches);
        var outcome = Transact(writer =>
        {
            for (var i = 0; i < batches.Count; i++)
            {
                if (!Write(writer, batches[i]))
                {
                    (fenced ??= []).Add(batches[i].Held.Shard);
                }
            }
        }, out var error);
        if (outcome != CommitOutcome.Done)
        {
            return new(outcome, [], error!.Message);
        }

        SortTail();
        return fenced is null ? CommitResult.Done : new(CommitOutcome.Done, fenced);
    }

    /// <summary>Sorts some of the commands that are in no run, when there are many. An error loses nothing: the next time tries again.</summary>
    /// <returns>Whether there are still many.</returns>
    public bool SortTail()
    {
        if (_open is not { Commands.IsTailLong: true } open || Transact(writer => writer.Commands.Sort(), out _) != CommitOutcome.Done)
        {
            return false;
        }

        open.Commands.Sorted();
        return open.Commands.IsTailLong;
    }

    public IReadOnlyList<ShardLease> Acquire(IReadOnlyList<int> shards, Incarnation owner)
    {
        var leases = new List<ShardLease>(shards.Count);
        Change(writer =>
        {
            foreach (var shard in shards)
            {
                leases.Add(writer.Acquire(shard, owner));
            }
        });
        return leases;
    }

    public void Release(IReadOnlyList<ShardOwner> held) => Change(writer =>
    {
        foreach (var shard in held)
        {
            writer.Release(shard);
        }
    });

    public bool Project(ProjectionBatch batch)
    {
        var isNext = false;
        Change(writer =>
        {
            isNext = writer.Mark(batch);
            for (var i = 0; isNext && i < batch.Rows.Count; i++)
            {
                writer.Put(shard: 0, batch.Rows[i]);
            }

            for (var i = 0; isNext && i < batch.Gone.Count; i++)
            {
                writer.Remove(shard: 0, batch.Gone[i]);
            }
        });
        return isNext;
    }

    public int Forget(DateTimeOffset before, int limit)
    {
        var gone = 0;
        Change(writer => gone = writer.Commands.Forget(RowValue.Micros(before), limit));
        return gone;
    }

    /// <summary>The lease row, read where writes are made: everything that was sent before has ended.</summary>
    public ShardLease Settle(int shard) => Ready().Lease(shard);

    /// <summary>Called when there is nothing to write.</summary>
    public void Rest()
    {
        if (_open is { } open)
        {
            _wal.Rest(open.Connection);
        }
    }

    public void Dispose() => Close();

    private static bool Write(WriterStatements writer, StoreBatch batch)
    {
        if (!writer.Fence(batch))
        {
            return false;
        }

        var shard = batch.Held.Shard;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            writer.Append(shard, batch.Held.Sequence + i + 1, batch.Events[i]);
        }

        for (var i = 0; i < batch.Rows.Count; i++)
        {
            writer.Put(shard, batch.Rows[i]);
        }

        for (var i = 0; i < batch.Gone.Count; i++)
        {
            writer.Remove(shard, batch.Gone[i]);
        }

        return true;
    }

    private void Change(Action<WriterStatements> change)
    {
        var outcome = Transact(change, out var error);
        if (outcome != CommitOutcome.Done)
        {
            throw new StoreUnavailableException($"{outcome}: {error!.Message}", error);
        }
    }

    /// <summary>One transaction, and what is certain after it.</summary>
    private CommitOutcome Transact(Action<WriterStatements> change, out Exception? error)
    {
        var isSent = false;
        error = null;
        try
        {
            var writer = Ready();
            writer.Begin.Run();
            change(writer);
            isSent = true;
            writer.Commit.Run();
            _wal.Written(writer.Connection);
            return CommitOutcome.Done;
        }
        catch (Exception failed)
        {
            // Whatever it was, also a bug: the transaction must not stay open for the next one to go on in.
            error = failed;
            return After(failed, isSent);
        }
    }

    private CommitOutcome After(Exception failed, bool isSent)
    {
        var outcome = failed switch
        {
            SqliteError { IsBusy: true } => CommitOutcome.Busy,
            SqliteError { IsFull: true } => CommitOutcome.Full,
            SqliteError { IsDataError: true } => CommitOutcome.Refused,
            _ => isSent ? CommitOutcome.Unknown : CommitOutcome.Failed,
        };
        if (outcome is CommitOutcome.Unknown or CommitOutcome.Failed || !IsRolledBack())
        {
            _log.ReopeningAfterError(_path, failed.Message);
            Close();
        }

        return outcome;
    }

    private bool IsRolledBack()
    {
        try
        {
            if (_open is { Connection.IsIdle: false } open)
            {
                open.Rollback.Run();
            }

            return true;
        }
        catch (SqliteError)
        {
            return false;
        }
    }

    private WriterStatements Ready() => _open ??= Open(isFirst: false);

    private WriterStatements Open(bool isFirst)
    {
        var connection = Connection.OpenWriter(_path);
        try
        {
            _schema.Prepare(connection, isFirst);
            var open = new WriterStatements(connection, _schema.Rows);
            open.Connection.Execute("UPDATE meta SET value = value + 1 WHERE name = 'opened'");
            return open;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _open?.Connection.Dispose();
        _open = null;
    }
}
