namespace AgentCluster.Workers.Git;

/// <summary>Git did not do what it was asked for; the message says what it complained about. Nothing was changed in the repository.</summary>
public sealed class GitException(string message) : Exception(message);
