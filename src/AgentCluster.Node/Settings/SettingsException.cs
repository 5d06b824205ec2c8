namespace AgentCluster.Node.Settings;

/// <summary>An option, a key or a value that the node does not take, or a configuration file that it cannot read.</summary>
/// <param name="message">Names it and where it was written, and says what was expected.</param>
public sealed class SettingsException(string message) : Exception(message);
