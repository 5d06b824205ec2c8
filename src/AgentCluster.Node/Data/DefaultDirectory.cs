using AgentCluster.Node.Settings;

namespace AgentCluster.Node.Data;

/// <summary>Where a node keeps its data unless it is told: in the user's data directory, never in the working directory.</summary>
internal static class DefaultDirectory
{
    /// <summary><c>$XDG_DATA_HOME</c> or <c>~/.local/share</c>, <c>~/Library/Application Support</c>, <c>%LOCALAPPDATA%</c>; absolute.</summary>
    /// <exception cref="SettingsException">There is no such place for this user.</exception>
    public static string Find()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathFullyQualified(folder)
            ? Path.Combine(folder, "agentcluster")
            : throw new SettingsException("--data: this user has no data directory (HOME is not set); say where to keep the data.");
    }
}
