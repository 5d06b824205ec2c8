using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Commits;

/// <summary>
/// What one actor adds to one batch: the unit that is written or dropped whole, because its later turns were decided on
/// its earlier ones.
/// </summary>
internal sealed class Part(Cell cell)
{
    private readonly Dictionary<RowKey, (RowTable Table, Row? Row)> _rows = [];
    private List<RowWrite>? _written;
    private List<RowGone>? _gone;

    public Cell Cell { get; } = cell;

    public List<EventWrite> Events { get; } = [];

    /// <summary>Rows of the behavior that its events changed; projected once, when the batch is sealed.</summary>
    public HashSet<RowKey> Touched { get; } = [];

    /// <summary>Who waits for this part: its own turns, and replies that were decided on its state.</summary>
    public List<Entry> Entries { get; } = [];

    public List<SentLetter> Letters { get; } = [];

    public IReadOnlyList<RowWrite> Written => _written!;

    public IReadOnlyList<RowGone> Gone => _gone!;

    /// <summary>Writes a row of the runtime; the last change of a key counts.</summary>
    public void Put(RowTable table, Row row) => _rows[row.Key] = (table, row);

    public void Delete(RowTable table, string id) => _rows[new(table.Name, id)] = (table, null);

    /// <summary>Fixes the rows at their net effect. A second call changes nothing: the identical batch may be sent again.</summary>
    /// <exception cref="Exception">The behavior cannot project a row.</exception>
    public void Seal()
    {
        if (_written is not null)
        {
            return;
        }

        List<RowWrite> written = new(_rows.Count + Touched.Count);
        List<RowGone> gone = [];
        foreach (var key in Touched)
        {
            Sort(Cell.Kind.Table(key.Table), key.Id, Cell.Machine.Project(key), written, gone);
        }

        foreach (var (key, (table, row)) in _rows)
        {
            Sort(table, key.Id, row, written, gone);
        }

        (_written, _gone) = (written, gone);
    }

    private static void Sort(RowTable table, string id, Row? row, List<RowWrite> written, List<RowGone> gone)
    {
        if (row is null)
        {
            gone.Add(new(table, id));
        }
        else
        {
            written.Add(new(table, row));
        }
    }
}

/// <summary>Somebody who waits for a part.</summary>
/// <param name="Envelope">What was sent.</param>
/// <param name="Reply">What is answered once the part is durable; null when nobody listens.</param>
/// <param name="Writes">Whether the turn itself is in the part. Otherwise it only read its state.</param>
internal readonly record struct Entry(Envelope Envelope, object? Reply, bool Writes);
