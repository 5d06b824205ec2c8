using System.Globalization;
using AgentCluster.Node.Hocon;
using AgentCluster.Runtime;

namespace AgentCluster.Node.Settings;

/// <summary>One key: how a value of it is read, and how it is shown.</summary>
/// <param name="Key">Lower case, divided by dots.</param>
/// <param name="Apply">Gives the settings with the value, or throws <see cref="SettingsException"/>.</param>
/// <param name="Show">The value in effect, as it would be written.</param>
internal sealed record Setting(string Key, Func<NodeSettings, HoconValue, NodeSettings> Apply, Func<NodeSettings, string> Show)
{
    /// <summary>The environment variable that means the same.</summary>
    public string Variable { get; } = Key.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>Says that a value is not taken.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value, with its origin.</param>
    /// <param name="reason">What was expected.</param>
    public static SettingsException Refused(string key, HoconValue value, string reason) =>
        new($"{key} = {(IsSecret(key) ? "***" : value.Kind)}, from {value.Origin}: {reason}");

    // A start that fails is written to a log, and shown to whoever is asked for help. The address is refused when it has a password in it.
    private static bool IsSecret(string key) => key is "agentcluster.store.postgres"
        || key.EndsWith("password", StringComparison.Ordinal) || key.EndsWith("secret", StringComparison.Ordinal);

    /// <summary>A key whose value is a text of its own form.</summary>
    /// <param name="key">The key.</param>
    /// <param name="apply">Throws <see cref="FormatException"/> with what was expected.</param>
    /// <param name="show">The value in effect.</param>
    public static Setting Text(string key, Func<NodeSettings, string, NodeSettings> apply, Func<NodeSettings, string> show) => new(
        key,
        (settings, value) =>
        {
            if (value is not HoconScalar { Type: not ScalarKind.Null } scalar)
            {
                throw Refused(key, value, "expected a text.");
            }

            try
            {
                return apply(settings, scalar.Text);
            }
            catch (FormatException wrong)
            {
                throw Refused(key, value, wrong.Message);
            }
        },
        show);

    /// <summary>A key whose value is a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">Allowed.</param>
    /// <param name="most">Allowed.</param>
    /// <param name="get">Reads it from the settings.</param>
    /// <param name="with">Gives the settings with it.</param>
    public static Setting Number(string key, int least, int most, Func<NodeSettings, int> get, Func<NodeSettings, int, NodeSettings> with) => new(
        key,
        (settings, value) => Conversions.Whole(value) is { } number && number >= least && number <= most
            ? with(settings, (int)number)
            : throw Refused(key, value, FormattableString.Invariant($"expected a whole number from {least} to {most}.")),
        settings => get(settings).ToString(CultureInfo.InvariantCulture));

    /// <summary>A bound of the runtime.</summary>
    public static Setting Bound(string name, int least, int most, Func<NodeOptions, int> get, Func<NodeOptions, int, NodeOptions> with) => Number(
        "agentcluster.runtime." + name,
        least,
        most,
        settings => get(settings.Runtime),
        (settings, number) => settings with { Runtime = with(settings.Runtime, number) });

    /// <summary>A time of the runtime.</summary>
    public static Setting Time(string name, TimeSpan least, TimeSpan most, Func<NodeOptions, TimeSpan> get, Func<NodeOptions, TimeSpan, NodeOptions> with) => Duration(
        "agentcluster.runtime." + name,
        least,
        most,
        settings => get(settings.Runtime),
        (settings, time) => settings with { Runtime = with(settings.Runtime, time) });

    /// <summary>A key whose value is a duration.</summary>
    /// <inheritdoc cref="Number"/>
    public static Setting Duration(string key, TimeSpan least, TimeSpan most, Func<NodeSettings, TimeSpan> get, Func<NodeSettings, TimeSpan, NodeSettings> with) => new(
        key,
        (settings, value) => Conversions.Duration(value) is { } time && time >= least && time <= most
            ? with(settings, time)
            : throw Refused(key, value, $"expected a duration from {Durations.Show(least)} to {Durations.Show(most)}, such as {Durations.Show(get(new()))}."),
        settings => Durations.Show(get(settings)));
}
