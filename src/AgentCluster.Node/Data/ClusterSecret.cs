using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentCluster.Domain;

namespace AgentCluster.Node.Data;

/// <summary>
/// The cluster's secret, from which the handles of agents are derived: a file beside the data, for its user only; or, where nodes
/// share a database, a setting that is the same on all of them.
/// </summary>
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

    /// <summary>Refuses a setting that could be guessed.</summary>
    /// <param name="text">As it was set.</param>
    /// <exception cref="FormatException">It is too short.</exception>
    public static Secret Check(string text) => text.Length >= Bytes
        ? new(text)
        : throw new FormatException($"expected at least {Bytes} characters that nobody can guess, found fewer.");

    /// <summary>The secret that a setting stands for.</summary>
    public static byte[] Of(Secret set) => SHA256.HashData(Encoding.UTF8.GetBytes(set.Reveal()));

    /// <summary>Tells two secrets apart without saying anything of them: nodes with different ones must not share a database.</summary>
    public static long Fingerprint(byte[] secret) =>
        BinaryPrimitives.ReadInt64BigEndian(HMACSHA256.HashData(secret, "agentcluster: which secret"u8));

    /// <summary>Copies the secret to where it is kept with a backup, for its user only.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="backup">The directory of the backup.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Copy(string directory, string backup) =>
        Write(Path.Combine(backup, FileName), File.ReadAllBytes(Path.Combine(directory, FileName)));

    // Written beside and moved into place: a node that dies in between leaves no half secret.
    private static void Create(string path)
    {
        var fresh = path + ".new";
        Write(fresh, RandomNumberGenerator.GetBytes(Bytes));
        File.Move(fresh, path);
    }

    private static void Write(string path, byte[] secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(secret);
        file.Flush(flushToDisk: true);
    }
}
