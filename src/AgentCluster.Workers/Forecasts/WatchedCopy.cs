namespace AgentCluster.Workers.Forecasts;

/// <summary>A working copy that takes part in a repository's forecast.</summary>
/// <param name="Name">Unique in the repository.</param>
/// <param name="Path">The absolute path of its root on this machine.</param>
/// <param name="Base">The branch or commit that its work is to be merged into.</param>
public sealed record WatchedCopy(string Name, string Path, string Base);
