using System.Globalization;

namespace AgentCluster.Storage.Directories;

/// <summary>
/// The directory with all that a node keeps, held by one process at a time. The lock is the operating system's, so it
/// ends with the process however that ends.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockFile = "lock";

    // Beside the lock: the locked file itself cannot be read by the one who wants to know whose it is.
    private const string HolderFile = "holder";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>The same without links in it, where the system says so.</summary>
    public string RealPath => OperatingSystem.IsLinux()
        ? System.IO.Path.GetDirectoryName(OpenFiles.PathOf(_lock.SafeFileHandle.DangerousGetHandle())) ?? Path
        : Path;

    /// <summary>Makes the directory, for its owner only, and takes the lock.</summary>
    /// <param name="path">Where.</param>
    /// <param name="allowNetworkDisk">Whether a file system that other machines may write to is accepted; its locks and syncs are then trusted.</param>
    /// <exception cref="DataDirectoryInUseException">Another process holds it, or this one does already.</exception>
    /// <exception cref="DataDirectoryException">It cannot be made, or its file system is refused.</exception>
    public static DataDirectory Take(string path, bool allowNetworkDisk) => Take(path, allowNetworkDisk, FileSystem.TypeOf);

    /// <summary>The full path of a file in it.</summary>
    /// <param name="file">A file's name.</param>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Tells a second starter where the node of this directory answers.</summary>
    /// <param name="url">For example <c>http://127.0.0.1:5080</c>.</param>
    public void Announce(string url) => WriteHolder(Path, url);

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        File.Delete(PathOf(HolderFile));
        _lock.Dispose();
    }

    internal static DataDirectory Take(string path, bool allowNetworkDisk, Func<string, string> typeOf)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Make(full);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {full} cannot be made: {failed.Message}", failed);
        }

        if (!allowNetworkDisk && FileSystem.IsShared(typeOf(full)))
        {
            throw new DataDirectoryException(
                $"The data directory {full} lies on a file system of type '{typeOf(full)}', whose locks and syncs cannot be relied on. " +
                "Use a local disk, or allow it in the configuration and accept that data may be lost.");
        }

        var held = Lock(full);
        try
        {
            WriteHolder(full, url: "");
            return new(full, held);
        }
        catch (IOException failed)
        {
            held.Dispose();
            throw new DataDirectoryException($"The data directory {full} cannot be written: {failed.Message} Make room on its disk.", failed);
        }
    }

    private static FileStream Lock(string full)
    {
        try
        {
            return new(System.IO.Path.Combine(full, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new DataDirectoryException($"The data directory {full} cannot be written: {refused.Message} Check its owner and permissions.", refused);
        }
        catch (IOException)
        {
            var (process, url) = ReadHolder(full);
            throw new DataDirectoryInUseException(full, process, url);
        }
    }

    private static void Make(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full);
        }
        else
        {
            Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Replaced in one step, so that a reader sees one or the other.</summary>
    private static void WriteHolder(string full, string url)
    {
        var next = System.IO.Path.Combine(full, HolderFile + ".next");
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{url}\n"));
        File.Move(next, System.IO.Path.Combine(full, HolderFile), overwrite: true);
    }

    private static (int? Process, string? Url) ReadHolder(string full)
    {
        try
        {
            var lines = File.ReadAllLines(System.IO.Path.Combine(full, HolderFile));
            return (
                lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process) ? process : null,
                lines.Length > 1 && lines[1].Length > 0 ? lines[1] : null);
        }
        catch (IOException)
        {
            return (null, null);
        }
    }
}
