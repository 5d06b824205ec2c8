namespace AgentCluster.Storage.Directories;

/// <summary>The files that this process has open, as Linux tells them: by a path that follows a file which is moved, and says when it is deleted.</summary>
internal static class OpenFiles
{
    private const string Folder = "/proc/self/fd";
    private const string Deleted = " (deleted)";

    /// <summary>Where the file behind a handle is now.</summary>
    public static string? PathOf(nint handle) => Target($"{Folder}/{handle}");

    /// <summary>What became of a file that this process has open; null while it is in its place, and where the system does not say.</summary>
    /// <param name="path">Absolute, without links in it.</param>
    public static string? Loss(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var open = Directory.EnumerateFileSystemEntries(Folder).Select(Target).ToHashSet();
        return open.Contains(path + Deleted) ? $"{path} was {(File.Exists(path) ? "replaced" : "deleted")} while a node was using it."
            : open.Contains(path) ? null
            : $"{path} was moved away while a node was using it.";
    }

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }
}
