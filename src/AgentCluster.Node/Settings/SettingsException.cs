namespace AgentCluster.Node.Settings;

/// <summary>An option, a key or a value that the node does not take.</summary>
/// <param name="message">Names it, and says what was expected.</param>
internal sealed class SettingsException(string message) : Exception(message);
