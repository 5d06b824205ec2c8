namespace AgentCluster.Domain.Repositories;

/// <summary>Whether two names that differ only in case are two files in a repository: what git calls <c>core.ignorecase</c>.</summary>
public enum PathCase
{
    /// <summary>They are two.</summary>
    Kept,

    /// <summary>They are one, as on most macOS and Windows file systems.</summary>
    Ignored,
}
