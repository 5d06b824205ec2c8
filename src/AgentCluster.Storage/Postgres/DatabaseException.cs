namespace AgentCluster.Storage.Postgres;

/// <summary>The database cannot be used by this program, and nothing in it was changed. Starting again does not help by itself.</summary>
/// <param name="message">What was expected, what was found, what to do. No password is in it.</param>
/// <param name="cause">What the driver said.</param>
public sealed class DatabaseException(string message, Exception? cause = null) : Exception(message, cause);
