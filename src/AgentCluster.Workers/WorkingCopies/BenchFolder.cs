namespace AgentCluster.Workers.WorkingCopies;

/// <summary>Where a process keeps its benches: a folder in the system's temporary one, readable by nobody else, and gone when the process is.</summary>
public sealed class BenchFolder : IDisposable
{
    private const string Prefix = "agentcluster-bench-";
    private readonly FileStream _held;

    private BenchFolder(string path, FileStream held) => (Path, _held) = (path, held);

    /// <summary>An absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes one, and takes those away that killed processes left.</summary>
    public static BenchFolder Make()
    {
        foreach (var left in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories(Prefix + "*").Where(folder => folder.LinkTarget is null))
        {
            TakeAway(left.FullName);
        }

        var made = Directory.CreateTempSubdirectory(Prefix).FullName;
        return new(made, Hold(made, FileMode.CreateNew));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Dispose();
        TakeAway(Path);
    }

    // Whoever is alive holds the file, and it cannot be opened.
    private static void TakeAway(string folder)
    {
        try
        {
            using (Hold(folder, FileMode.Open))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another's, alive or not, or being made at this moment.
        }
    }

    private static FileStream Hold(string folder, FileMode mode) =>
        new(System.IO.Path.Combine(folder, "held"), mode, FileAccess.ReadWrite, FileShare.None);
}
