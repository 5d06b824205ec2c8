namespace AgentCluster.Workers.Snapshots;

/// <summary>What a working copy held at a moment, uncommitted and untracked files included, as a commit that exists on the bench alone.</summary>
/// <param name="Commit">That commit. The same work on the same parents has the same name.</param>
/// <param name="Parents">What is checked out, and what is being merged into it.</param>
/// <param name="Unread">Files whose content is not known, with the reason: too large, or stored through a program that is not run.</param>
public sealed record Snapshot(string Commit, IReadOnlyList<string> Parents, IReadOnlyDictionary<string, string> Unread);
