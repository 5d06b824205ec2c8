namespace AgentCluster.Storage.Sqlite;

/// <summary>The data file cannot be used by this program, and nothing in it was changed. Starting again does not help by itself.</summary>
/// <param name="message">What was expected, what was found, what to do.</param>
/// <param name="cause">What SQLite said.</param>
public sealed class DataFileException(string message, Exception? cause = null) : Exception(message, cause);
