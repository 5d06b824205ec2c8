using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Domain.Import;

/// <summary>A row, and the source's own names for what it depends on.</summary>
/// <param name="Names">In the order of its dependencies.</param>
/// <param name="Row">As a registry takes it.</param>
internal sealed record SourceRow(IReadOnlyList<string> Names, ImportedRow Row);

/// <summary>Reads the rows of one format.</summary>
internal interface IRowSource
{
    /// <summary>Under which name its rows are known here: a part of their identity.</summary>
    string Name { get; }

    /// <summary>Most bytes of one element: a line, or an item of a document's list.</summary>
    int MostBytes { get; }

    /// <summary>Reads one element, which is one row or a row and the rows under it.</summary>
    /// <param name="element">UTF-8.</param>
    /// <param name="list">The name of the list that it stands in; null where lists have none.</param>
    /// <exception cref="FormatException">Nothing of it can be taken; the message says why.</exception>
    ElementRows Read(ReadOnlySpan<byte> element, string? list);
}

/// <summary>What was read of one element.</summary>
/// <param name="Rows">To take, at most <see cref="Bounds.ListLength"/> + 1.</param>
/// <param name="Wrong">Why other rows of it cannot be taken.</param>
/// <param name="Epic">The epic that it is instead; null when it is none.</param>
internal sealed record ElementRows(IReadOnlyList<SourceRow> Rows, IReadOnlyList<string> Wrong, ImportedEpic? Epic = null)
{
    public ElementRows(SourceRow row)
        : this([row], [])
    {
    }
}
