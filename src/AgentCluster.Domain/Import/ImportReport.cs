namespace AgentCluster.Domain.Import;

/// <summary>What an import came to.</summary>
/// <param name="Created">Tasks that are new.</param>
/// <param name="Unchanged">Tasks that were left as they are.</param>
/// <param name="Updated">Tasks that the source has changed.</param>
/// <param name="Skipped">Rows, or parts of rows, that were not taken, by line; the first 10,000.</param>
/// <param name="Dangling">Dependencies on rows that are nowhere; they are kept and gate nothing. The first 10,000.</param>
public sealed record ImportReport(
    int Created,
    int Unchanged,
    int Updated,
    IReadOnlyList<SkippedLine> Skipped,
    IReadOnlyList<MissingRow> Dangling);

/// <summary>A row, or a part of one, that was not taken.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Reason">For people.</param>
public sealed record SkippedLine(int Line, string Reason);

/// <summary>A dependency on a row that is nowhere.</summary>
/// <param name="Id">The dependant's id in the source.</param>
/// <param name="DependsOn">The id that the source names.</param>
public sealed record MissingRow(string Id, string DependsOn);
