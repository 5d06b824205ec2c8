namespace AgentCluster.Node.Hocon;

/// <summary>A text that is not the configuration language, or says something that cannot be.</summary>
/// <param name="origin">Where.</param>
/// <param name="message">What was expected, and what was found.</param>
internal sealed class HoconException(Origin origin, string message) : Exception($"{origin}: {message}");
