using AgentCluster.Actors;

namespace AgentCluster.Runtime.Store;

/// <summary>What some events of the journal did to the rows of a projection: written with the cursor after them, or not at all.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Generation">The journal's when it was read.</param>
/// <param name="Version">Counts what was written: one more than what is stored, or somebody else was quicker.</param>
/// <param name="Cursor">After the events.</param>
/// <param name="Rows">Inserted, or replaced whole. No key twice.</param>
/// <param name="Gone">Rows deleted.</param>
public sealed record ProjectionBatch(
    string Projection,
    int Generation,
    long Version,
    JournalCursor Cursor,
    IReadOnlyList<RowWrite> Rows,
    IReadOnlyList<RowGone> Gone)
{
    /// <summary>Who owns all its rows.</summary>
    public ActorId Owner => new("projection", Projection);

    /// <summary>The row that says how far it is.</summary>
    public Row Mark => new(
        new(RuntimeTables.Projection.Name, Projection),
        Owner,
        [RowValue.Of(Version)],
        System.Text.Encoding.ASCII.GetBytes(Cursor.ToString()));

    /// <summary>Its rows as a batch without events, for the rules that hold for all rows.</summary>
    internal StoreBatch AsBatch => new(new(0, Generation, 0, Incarnation.None, 0, UInt128.Zero), UInt128.Zero, [], [.. Rows, new(RuntimeTables.Projection, Mark)], Gone);
}
