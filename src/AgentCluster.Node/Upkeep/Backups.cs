using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Node.Data;
using AgentCluster.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Upkeep;

/// <summary>
/// Makes backups of a running node, one at a time. A backup is a directory that a node can be started on: the data and the
/// cluster's secret. It is made under another name, and gets its own in one step when it is whole.
/// </summary>
/// <param name="store">The data.</param>
/// <param name="data">The data directory.</param>
/// <param name="root">Where backups are kept; made when the first one is.</param>
/// <param name="clock">Names them.</param>
/// <param name="log">Where is said what cannot be told to callers.</param>
internal sealed class Backups(SqliteStore store, string data, string root, TimeProvider clock, ILogger<Backups> log)
{
    // No name that is asked for begins with a dot.
    private const string Unfinished = ".unfinished";
    private const int NoSpaceOnUnix = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private int _making;

    /// <summary>Makes one.</summary>
    /// <param name="name">A safe name for a directory; null: after the time.</param>
    public async ValueTask<BackupReply> MakeAsync(string? name)
    {
        if (Interlocked.Exchange(ref _making, 1) == 1)
        {
            return new BackupReply.Busy();
        }

        try
        {
            var at = clock.GetUtcNow();
            return await MakeAsync(name ?? at.ToString("yyyyMMdd't'HHmmss'z'", CultureInfo.InvariantCulture), at);
        }
        catch (Exception full) when (full is StoreFullException or IOException { HResult: NoSpaceOnUnix or NoSpaceOnWindows })
        {
            log.NoRoom(root, full.Message);
            return new BackupReply.NoRoom();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or StoreUnavailableException or DataFileException)
        {
            log.Failed(root, failed);
            return new BackupReply.Failed();
        }
        finally
        {
            Volatile.Write(ref _making, 0);
        }
    }

    private async ValueTask<BackupReply> MakeAsync(string name, DateTimeOffset at)
    {
        var target = Path.Combine(root, name);
        if (Path.Exists(target))
        {
            return new BackupReply.Taken(name);
        }

        var unfinished = Path.Combine(root, Unfinished);
        Make(root);
        Remove(unfinished);
        Make(unfinished);
        try
        {
            var file = Path.Combine(unfinished, SqliteStore.FileName);
            await store.BackUpAsync(file, at);
            ClusterSecret.Copy(data, unfinished);
            var bytes = new FileInfo(file).Length;

            // Fails where somebody has made something of that name since.
            Directory.Move(unfinished, target);
            log.Made(target, bytes);
            return new BackupReply.Made(name, target, bytes, at);
        }
        finally
        {
            Remove(unfinished);
        }
    }

    private static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
