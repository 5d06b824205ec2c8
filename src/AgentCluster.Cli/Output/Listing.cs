namespace AgentCluster.Cli.Output;

/// <summary>Rows to show.</summary>
/// <param name="Columns">Their headings.</param>
/// <param name="Rows">A text for each column.</param>
/// <param name="Count">What the rows are counted as, for example <c>2 of 90 tasks</c>; null for a single thing.</param>
internal sealed record Listing(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string? Count);
