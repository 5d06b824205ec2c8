using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// Decides when the WAL is copied back into the database. Copying costs two syncs and the changed pages; not copying
/// lets the file grow and the next start read it. So: when there is nothing else to do, or when it is large.
/// </summary>
internal sealed class Wal(ILogger log)
{
    /// <summary>4 MiB: not worth a sync while idle below this.</summary>
    public const int SmallPages = 1_000;

    /// <summary>16 MiB: copied between two commits.</summary>
    public const int LargePages = 4_000;

    /// <summary>32 MiB: readers have kept it from starting anew; they are waited for, up to the busy time-out.</summary>
    public const int HugePages = 8_000;

    // Set by another thread.
    private volatile bool _isCopied;
    private int _pages;
    private int _next = LargePages;

    /// <summary>Whether a backup reads the whole file: the log grows until it is done, and nobody waits for that.</summary>
    public bool IsCopied
    {
        set => _isCopied = value;
    }

    /// <summary>Called after each commit.</summary>
    public void Written(Connection connection)
    {
        _pages += connection.TakePagesWritten();
        if (_pages >= _next)
        {
            CopyBack(connection);
        }
    }

    /// <summary>Called when there is nothing to write.</summary>
    public void Rest(Connection connection)
    {
        if (_pages >= SmallPages)
        {
            CopyBack(connection);
        }
    }

    /// <summary>An error here loses nothing: the WAL still holds it all, and the next time tries again.</summary>
    private void CopyBack(Connection connection)
    {
        try
        {
            var (pages, copied) = connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            if (pages >= HugePages && !_isCopied)
            {
                log.WalIsLarge(pages, copied);
                (pages, copied) = connection.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART);
            }

            _pages = pages - copied;
        }
        catch (SqliteError error)
        {
            log.CheckpointFailed(_pages, error.Message);
        }

        _next = _pages + LargePages;
    }
}
