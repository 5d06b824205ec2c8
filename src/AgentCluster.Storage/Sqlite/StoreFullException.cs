namespace AgentCluster.Storage.Sqlite;

/// <summary>There is no room on the disk that was to be written to. Nothing of the data was changed.</summary>
/// <param name="message">SQLite's words.</param>
/// <param name="cause">What was caught.</param>
public sealed class StoreFullException(string message, Exception cause) : Exception(message, cause);
