namespace AgentCluster.Node.Settings;

/// <summary>Reads the command line, and with it all that a node is set to.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        AgentCluster.Node [--config FILE.conf]... [--http HOST:PORT] [--data DIR] [--set key=value]...

          --config FILE.conf  reads a configuration file (HOCON); hocon/node.conf is an example
          --http HOST:PORT    where to listen; port 0 takes a free one (127.0.0.1:5080)
          --data DIR          where everything is kept (the user's data directory)
          --set key=value     sets one key; each also has an environment variable
          --help              shows this

        The last word counts: defaults, files, environment, then this line. hocon/reference.conf has every key.
        """;

    /// <summary>Whether somebody only wants to know how it is used.</summary>
    /// <param name="args">The command line.</param>
    public static bool AsksForHelp(IReadOnlyList<string> args) => args.Any(arg => arg is "--help" or "-h" or "-?");

    /// <summary>Reads all that a node is set to.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="variable">The value of an environment variable; null when it is not set.</param>
    /// <exception cref="SettingsException">Something in them is not taken.</exception>
    public static Configuration Read(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        List<string> files = [];
        List<Override> overrides = [];
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var arg))
        {
            var (option, value) = Divide(arg);
            switch (option)
            {
                case "--config":
                    files.Add(File(value ?? Next(option, rest)));
                    break;
                case "--http":
                    overrides.AddRange(Http(value ?? Next(option, rest)));
                    break;
                case "--data":
                    overrides.Add(new("agentcluster.data.directory", value ?? Next(option, rest), option));
                    break;
                case "--set":
                    overrides.Add(Set(value ?? Next(option, rest)));
                    break;
                default:
                    throw new SettingsException($"{option}: is not an option of this program.");
            }
        }

        return Configuration.Read(files, overrides, variable);
    }

    private static string File(string path) =>
        path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw new SettingsException("--config: expected the path of a file, found nothing.");

    private static Override[] Http(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            ? [new("agentcluster.http.host", text[..colon], "--http"), new("agentcluster.http.port", text[(colon + 1)..], "--http")]
            : throw new SettingsException($"--http: expected HOST:PORT, found '{text}'.");
    }

    private static Override Set(string text) =>
        Divide(text) is (var key, { } value)
            ? new(key, value, "--set")
            : throw new SettingsException($"--set: expected key=value, found '{text}'.");

    private static string Next(string option, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new SettingsException($"{option}: expected a value after it, found nothing.");

    private static (string Name, string? Value) Divide(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : (text, null);
    }
}
