using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Settings;

/// <summary>One key: its name, and how its text changes the settings.</summary>
/// <param name="Name">Lower case, divided by dots.</param>
/// <param name="Apply">Throws <see cref="SettingsException"/> for a text that it does not take.</param>
internal sealed record SettingKey(string Name, Func<NodeSettings, string, NodeSettings> Apply)
{
    private static readonly FrozenDictionary<string, LogLevel> Levels = new Dictionary<string, LogLevel>
    {
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    }.ToFrozenDictionary();

    /// <summary>Every key.</summary>
    public static IReadOnlyList<SettingKey> All { get; } =
    [
        new("agentcluster.http.host", (settings, text) => settings with { Host = Loopback("agentcluster.http.host", text) }),
        new("agentcluster.http.port", (settings, text) => settings with { Port = Number("agentcluster.http.port", text, 0, 65_535) }),
        new("agentcluster.data.directory", (settings, text) => settings with { DataDirectory = Folder("agentcluster.data.directory", text) }),
        new("agentcluster.runtime.lanes", (settings, text) => settings with { Lanes = Number("agentcluster.runtime.lanes", text, 1, 64) }),
        new("agentcluster.log.level", (settings, text) => settings with { LogLevel = Level("agentcluster.log.level", text) }),
    ];

    /// <summary>The environment variable that means the same.</summary>
    public string Variable { get; } = Name.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>Reads a listen address that only this machine can reach.</summary>
    /// <param name="source">The option or key, for the message.</param>
    /// <param name="text">An address, or <c>localhost</c>.</param>
    public static IPAddress Loopback(string source, string text)
    {
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        if (!IPAddress.TryParse(text.Trim('[', ']'), out var address))
        {
            throw new SettingsException($"{source}: expected an IP address, found '{text}'.");
        }

        return IPAddress.IsLoopback(address)
            ? address
            : throw new SettingsException(
                $"{source}: {address} can be reached from other machines, and this version has no keys to tell callers apart. " +
                "Use 127.0.0.1 or [::1].");
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="source">The option or key, for the message.</param>
    /// <param name="text">Decimal digits.</param>
    /// <param name="least">Allowed.</param>
    /// <param name="most">Allowed.</param>
    public static int Number(string source, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingsException(string.Create(
                CultureInfo.InvariantCulture, $"{source}: expected a whole number from {least} to {most}, found '{text}'."));

    /// <summary>Reads the path of a folder.</summary>
    /// <param name="source">The option or key, for the message.</param>
    /// <param name="text">Absolute, or relative to where the node was started.</param>
    public static string Folder(string source, string text) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text)
            : throw new SettingsException($"{source}: expected the path of a folder, found nothing.");

    private static LogLevel Level(string source, string text) =>
        Levels.TryGetValue(text, out var level)
            ? level
            : throw new SettingsException($"{source}: expected one of {string.Join(", ", Levels.Keys.Order(StringComparer.Ordinal))}, found '{text}'.");
}
