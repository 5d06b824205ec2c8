using AgentCluster.Workers.Merges;

namespace AgentCluster.Workers.Forecasts;

/// <summary>What a merge of the work in two working copies would come to, or of one with its base.</summary>
/// <param name="A">A name; of two the smaller one by code point.</param>
/// <param name="B">The other's; null stands for A's own base.</param>
/// <param name="Verdict">What it would come to.</param>
public sealed record PairVerdict(string A, string? B, Verdict Verdict);

/// <summary>What a sweep over a repository found.</summary>
/// <param name="Copies">All working copies, in the order in which they were asked for.</param>
/// <param name="Pairs">All pairs, each working copy with its base included.</param>
/// <param name="IgnoresCase">Whether names that differ in case are one file in this repository; null if none of its working copies could be read.</param>
public sealed record Sweep(IReadOnlyList<CopyReport> Copies, IReadOnlyList<PairVerdict> Pairs, bool? IgnoresCase);
