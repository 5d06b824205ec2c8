using AgentCluster.Bridge.Cluster;
using AgentCluster.Node.Hocon;

namespace AgentCluster.Node.Settings;

/// <summary>A value that is said outside the files.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">As text.</param>
/// <param name="Source">The option or variable, for messages.</param>
internal sealed record Override(string Key, string Value, string Source);

/// <summary>What a node is set to, checked, and where each value was said.</summary>
/// <param name="Settings">All values.</param>
/// <param name="Entries">The same to show, a line a key.</param>
internal sealed record Configuration(NodeSettings Settings, IReadOnlyList<ConfigEntry> Entries)
{
    /// <summary>Reads the configuration: the defaults, then files, then the environment, then what overrides both; the last word counts.</summary>
    /// <param name="files">Paths, in order.</param>
    /// <param name="overrides">In order.</param>
    /// <param name="variable">The value of an environment variable; null when it is not set.</param>
    /// <exception cref="SettingsException">Something in it is not taken.</exception>
    public static Configuration Read(IEnumerable<string> files, IEnumerable<Override> overrides, Func<string, string?> variable)
    {
        HoconObject root;
        try
        {
            root = Reference();
            foreach (var file in files)
            {
                root.Merge(HoconFile.Read(file));
            }

            foreach (var said in FromEnvironment(variable).Concat(overrides))
            {
                root.Put(said.Key.Split('.'), new HoconScalar(ScalarKind.Text, said.Value, new(said.Source)));
            }

            root = Resolver.Resolve(root, variable);
        }
        catch (HoconException wrong)
        {
            throw new SettingsException(wrong.Message);
        }

        return Checked(root);
    }

    private static IEnumerable<Override> FromEnvironment(Func<string, string?> variable) => Keys.All
        .Select(setting => (setting, Text: variable(setting.Variable)))
        .Where(one => one.Text is not null)
        .Select(one => new Override(one.setting.Key, one.Text!, $"{one.setting.Variable} in the environment"));

    private static HoconObject Reference()
    {
        const string name = "reference.conf";
        using var reader = new StreamReader(typeof(Configuration).Assembly.GetManifestResourceStream(name)!);
        return Parser.Parse(reader.ReadToEnd(), name, Place.Root());
    }

    private static Configuration Checked(HoconObject root)
    {
        var values = new Dictionary<string, HoconValue>();
        Collect(root, string.Empty, values);

        var settings = new NodeSettings();
        foreach (var setting in Keys.All)
        {
            // A key that no file mentions is one whose optional substitution led nowhere, or whose section was replaced.
            settings = values.TryGetValue(setting.Key, out var value)
                ? setting.Apply(settings, value)
                : throw new SettingsException($"{setting.Key}: expected a value, found none: a configuration file replaces the default by nothing.");
        }

        return Relations.Broken(settings) is var (key, reason)
            ? throw Setting.Refused(key, values[key], reason)
            : new(settings, [.. Keys.All.Select(setting => new ConfigEntry(setting.Key, setting.Show(settings), values[setting.Key].Origin.ToString()))]);
    }

    private static void Collect(HoconObject section, string prefix, Dictionary<string, HoconValue> values)
    {
        foreach (var (name, field) in section.Fields)
        {
            var (key, value) = (prefix + name, field.Layers[0]);
            if (!name.Contains('.', StringComparison.Ordinal) && Keys.All.Any(setting => setting.Key == key))
            {
                values[key] = value;
            }
            else if (!name.Contains('.', StringComparison.Ordinal) && Keys.All.Any(setting => setting.Key.StartsWith(key + '.', StringComparison.Ordinal)))
            {
                Collect(value as HoconObject ?? throw Setting.Refused(key, value, "expected a section { … }, for keys are below it."), key + '.', values);
            }
            else
            {
                throw new SettingsException($"{key}, from {value.Origin}: is not a key; known are {Known(prefix)}.");
            }
        }
    }

    private static string Known(string prefix) =>
        string.Join(", ", Keys.All.Select(setting => setting.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)));
}
