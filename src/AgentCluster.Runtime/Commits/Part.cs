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
    private List<EventWrite>? _events;
    private Dictionary<RowKey, (RowTable Table, Row? Row)>? _rows;
    private OrderedDictionary<RowKey, Projected>? _touched;
    private int _ahead;
    private List<SentLetter>? _letters;
    private Dictionary<ActorId, long>? _repeated;
    private IReadOnlyList<RowWrite>? _written;
    private IReadOnlyList<RowGone> _gone = [];

    public Cell Cell { get; } = cell;

    public IReadOnlyList<EventWrite> Events => _events ?? (IReadOnlyList<EventWrite>)[];

    /// <summary>Rows of the behavior that its events changed; projected once, when the batch is sealed.</summary>
    public IReadOnlyCollection<RowKey> Touched => _touched?.Keys ?? (IReadOnlyCollection<RowKey>)[];

    /// <summary>Who waits for this part: its own turns, and replies that were decided on its state.</summary>
    public List<Entry> Entries { get; } = [];

    public IReadOnlyList<SentLetter> Letters => _letters ?? (IReadOnlyList<SentLetter>)[];

    public IReadOnlyList<RowWrite> Written => _written!;

    public IReadOnlyList<RowGone> Gone => _gone;

    /// <summary>Adds the events of a turn.</summary>
    /// <param name="events">Nobody else's from here on; null for none.</param>
    public void Add(List<EventWrite>? events)
    {
        if (_events is null)
        {
            _events = events;
        }
        else
        {
            _events.AddRange(events ?? []);
        }
    }

    /// <summary>Takes note of a row that changed.</summary>
    /// <returns>Whether it had not yet in this part.</returns>
    public bool Touch(RowKey key)
    {
        if ((_touched ??= []).TryAdd(key, default))
        {
            return true;
        }

        // What was projected ahead is out of date. It is not done again before the seal: a row that each turn changes is written once.
        _touched[key] = default;
        return false;
    }

    /// <summary>Projects the rows touched so far, while the batch before is being written: the seal has the less to do.</summary>
    /// <exception cref="Exception">The behavior cannot project a row; the seal will meet that again, and deals with it.</exception>
    public void ProjectAhead()
    {
        while (_ahead < Touched.Count)
        {
            var place = _ahead++;
            _touched!.SetAt(place, Project(_touched.GetAt(place).Key));
        }
    }

    /// <summary>
    /// Takes note of a letter that was taken before and came again. One acknowledgement is enough for it and those before it, and a
    /// part that waits long must not gather the same letters without end.
    /// </summary>
    /// <returns>Whether it is the highest of its sender so far.</returns>
    public bool Repeats(Letter letter)
    {
        _repeated ??= [];
        var isHigher = letter.Number > _repeated.GetValueOrDefault(letter.From);
        if (isHigher)
        {
            _repeated[letter.From] = letter.Number;
        }

        return isHigher;
    }

    public void Add(SentLetter letter) => (_letters ??= []).Add(letter);

    /// <summary>Writes a row of the runtime; the last change of a key counts.</summary>
    public void Put(RowTable table, Row row) => (_rows ??= [])[row.Key] = (table, row);

    public void Delete(RowTable table, string id) => (_rows ??= [])[new(table.Name, id)] = (table, null);

    /// <summary>Fixes the rows at their net effect. A second call changes nothing: the identical batch may be sent again.</summary>
    /// <exception cref="Exception">The behavior cannot project a row.</exception>
    public void Seal()
    {
        if (_written is not null)
        {
            return;
        }

        if (_touched is null && _rows is null)
        {
            _written = [];
            return;
        }

        List<RowWrite> written = new((_rows?.Count ?? 0) + Touched.Count);
        List<RowGone> gone = [];
        foreach (var (key, ahead) in _touched ?? [])
        {
            Sort(Cell.Kind.Table(key.Table), key.Id, (ahead.IsDone ? ahead : Project(key)).Row, written, gone);
        }

        foreach (var (key, (table, row)) in _rows ?? [])
        {
            Sort(table, key.Id, row, written, gone);
        }

        (_written, _gone) = (written, gone);
    }

    private Projected Project(RowKey key) => new(Cell.Machine.Project(key), IsDone: true);

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

    /// <summary>A touched row as it was when it was projected; null when it was gone.</summary>
    private readonly record struct Projected(Row? Row, bool IsDone);
}

/// <summary>Somebody who waits for a part.</summary>
/// <param name="Envelope">What was sent.</param>
/// <param name="Reply">What is answered once the part is durable; null when nobody listens.</param>
/// <param name="Writes">Whether the turn itself is in the part. Otherwise it only read its state.</param>
internal readonly record struct Entry(Envelope Envelope, object? Reply, bool Writes);
