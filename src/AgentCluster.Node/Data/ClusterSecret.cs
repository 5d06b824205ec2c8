using System.Security.Cryptography;

namespace AgentCluster.Node.Data;

/// <summary>The cluster's secret, from which the handles of agents are derived: a file beside the data, for its user only.</summary>
internal static class ClusterSecret
{
    private const int Bytes = 32;
    private const string FileName = "cluster.secret";

    /// <summary>Reads the secret, or makes it at the first start. Called by the process that holds the data directory.</summary>
    /// <param name="directory">The data directory.</param>
    /// <exception cref="InvalidDataException">The file is not one that this wrote. It is not replaced: every handle would become wrong.</exception>
    public static byte[] Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var secret = File.ReadAllBytes(path);
        return secret.Length == Bytes
            ? secret
            : throw new InvalidDataException(
                $"{path}: expected {Bytes} bytes, found {secret.Length}. Put the file back from a backup, or remove it: then every agent must register with \"rotate\": true.");
    }

    // Written beside and moved into place: a node that dies in between leaves no half secret.
    private static void Create(string path)
    {
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(fresh, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Bytes));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path);
    }
}
