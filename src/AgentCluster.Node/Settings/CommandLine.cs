using System.Globalization;

namespace AgentCluster.Node.Settings;

/// <summary>Reads the settings: defaults, then the environment, then the command line, the last word counting.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        AgentCluster.Node [--http HOST:PORT] [--data DIR] [--set key=value]...

          --http HOST:PORT   where to listen; a loopback address, port 0 takes a free one (127.0.0.1:5080)
          --data DIR         where everything is kept (the user's data directory)
          --set key=value    sets one key; each also has an environment variable
          --help             shows this
        """;

    /// <summary>Whether somebody only wants to know how it is used.</summary>
    /// <param name="args">The command line.</param>
    public static bool AsksForHelp(IReadOnlyList<string> args) => args.Any(arg => arg is "--help" or "-h" or "-?");

    /// <summary>Reads the settings.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="variable">The value of an environment variable; null when it is not set.</param>
    /// <exception cref="SettingsException">Something in them is not taken.</exception>
    public static NodeSettings Read(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        var settings = new NodeSettings();
        foreach (var key in SettingKey.All)
        {
            if (variable(key.Variable) is { } text)
            {
                settings = Named(key.Variable, () => key.Apply(settings, text));
            }
        }

        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var arg))
        {
            var (option, value) = Divide(arg);
            settings = option switch
            {
                "--http" => Http(settings, value ?? Next(option, rest)),
                "--data" => settings with { DataDirectory = SettingKey.Folder(option, value ?? Next(option, rest)) },
                "--set" => Set(settings, value ?? Next(option, rest)),
                "--config" => throw new SettingsException("--config: configuration files are not read by this version; use --set key=value."),
                _ => throw new SettingsException($"{option}: is not an option of this program."),
            };
        }

        return settings;
    }

    private static NodeSettings Http(NodeSettings settings, string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            ? settings with
            {
                Host = SettingKey.Loopback("--http", text[..colon]),
                Port = SettingKey.Number("--http", text[(colon + 1)..], 0, 65_535),
            }
            : throw new SettingsException($"--http: expected HOST:PORT, found '{text}'.");
    }

    private static NodeSettings Set(NodeSettings settings, string text)
    {
        var (name, value) = Divide(text);
        return value is null
            ? throw new SettingsException($"--set: expected key=value, found '{text}'.")
            : SettingKey.All.FirstOrDefault(key => key.Name == name) is { } known
                ? known.Apply(settings, value)
                : throw new SettingsException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"--set: '{name}' is not a key; known are {string.Join(", ", SettingKey.All.Select(key => key.Name))}."));
    }

    private static NodeSettings Named(string variable, Func<NodeSettings> apply)
    {
        try
        {
            return apply();
        }
        catch (SettingsException wrong)
        {
            throw new SettingsException($"{variable} in the environment: {wrong.Message}");
        }
    }

    private static string Next(string option, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new SettingsException($"{option}: expected a value after it, found nothing.");

    private static (string Name, string? Value) Divide(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : (text, null);
    }
}
