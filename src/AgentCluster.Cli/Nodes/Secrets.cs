namespace AgentCluster.Cli.Nodes;

/// <summary>Reads the secret that a node may ask for. Never from the command line: every user of a machine sees those.</summary>
internal static class Secrets
{
    private const int MostCharacters = 4_096;

    /// <summary>The secret, and what is wrong with it; both null when none is given.</summary>
    /// <param name="file">A file whose first line it is, or null.</param>
    /// <param name="variable">What the environment says, or null; a file wins.</param>
    public static (string? Secret, string? Wrong) Read(string? file, string? variable)
    {
        if (file is null)
        {
            return string.IsNullOrEmpty(variable) ? (null, null) : Check(variable.Trim(), "AGENTCLUSTER_KEY");
        }

        try
        {
            using var reader = new StreamReader(file);
            var text = new char[MostCharacters + 1];
            var line = new string(text, 0, reader.ReadBlock(text)).Split('\n')[0];
            return Check(line.Trim(), "--key-file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"--key-file: expected a file that can be read, found '{file}': {error.Message}");
        }
    }

    // What does not fit into a header would be named by whoever refuses it.
    private static (string?, string?) Check(string secret, string where) =>
        secret.Length is > 0 and <= MostCharacters && secret.All(character => character is > ' ' and < '\u007F')
            ? (secret, null)
            : (null, $"{where}: expected a secret of 1 to {MostCharacters} printable characters without blanks, found something else.");
}
