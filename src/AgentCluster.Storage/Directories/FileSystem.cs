namespace AgentCluster.Storage.Directories;

/// <summary>Kinds of disks.</summary>
internal static class FileSystem
{
    // Disks of other machines, shared folders of virtual machines, and whatever a user's program imitates: locks and
    // syncs on them do not promise what a local disk does.
    private static readonly string[] Shared =
        ["nfs", "cifs", "smb", "9p", "v9fs", "fuse", "drvfs", "afs", "ncp", "coda", "ceph", "lustre", "vboxsf", "prl_fs"];

    /// <summary>The type of the file system that holds a directory; empty when the system does not say.</summary>
    /// <param name="directory">Absolute.</param>
    public static string TypeOf(string directory)
    {
        try
        {
            return new DriveInfo(directory).DriveFormat;
        }
        catch (Exception unknown) when (unknown is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>How many bytes this user may still write; null when the system does not say.</summary>
    /// <param name="directory">Absolute.</param>
    public static long? FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsShared(string type) =>
        Array.Exists(Shared, shared => type.StartsWith(shared, StringComparison.OrdinalIgnoreCase));
}
