namespace AgentCluster.Workers.Snapshots;

/// <summary>By what a file is recognised as the one that was read before.</summary>
internal readonly record struct Stamp(long Bytes, DateTime WrittenAt, UnixFileMode Mode)
{
    /// <summary>A regular file's; null for anything else, or nothing.</summary>
    public static Stamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file is { Exists: true, LinkTarget: null } && (file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) == 0
            ? new(file.Length, file.LastWriteTimeUtc, OperatingSystem.IsWindows() ? default : file.UnixFileMode)
            : null;
    }
}
