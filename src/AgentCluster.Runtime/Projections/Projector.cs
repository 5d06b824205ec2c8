using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Projections;

/// <summary>
/// Folds the journal into the rows of projections, a page at a time, in the background. The rows and the cursor after their
/// events are one commit, which is refused when another node made it first or the journal was restored meanwhile: so each
/// event is folded once in effect, whoever does it.
/// </summary>
public sealed class Projector : IProjections
{
    // A page is written in one go, and a claim that comes then waits for all of it: about a millisecond for so many.
    private const int PageEvents = 250;
    private const int RowsAtOnce = 1_000;
    private const int RestsAPage = 9;

    // Not after each commit of the actors: what many events do to one row is written once, and a claim is not slowed down.
    private static readonly TimeSpan BetweenPages = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly IStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly IReadOnlyList<IProjection> _projections;
    private readonly Dictionary<string, RowTable> _tables;
    private readonly TaskCreationOptions _answers;
    private TaskCompletionSource _moved;
    private TaskCompletionSource _wanted;
    private readonly Counter _folded = new();
    private readonly Counter _failures = new();
    private Place? _place;
    private long _behind;
    private long _end;
    private bool _isBusy;
    private volatile bool _stopped;

    /// <param name="ports">The world.</param>
    /// <param name="name">Names the cursor: another name begins at the start of the journal.</param>
    /// <param name="projections">What is folded together.</param>
    /// <param name="tables">All that they write.</param>
    public Projector(NodePorts ports, string name, IReadOnlyList<IProjection> projections, IEnumerable<RowTable> tables)
    {
        (_store, _clock, _log, _answers) = (ports.Store, ports.Clock, ports.Log, ports.Dispatcher.Answers);
        (_name, _projections) = (name, projections);
        _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        (_moved, _wanted) = (new(_answers), new(_answers));
    }

    /// <summary>The rule that a simulation breaks on purpose.</summary>
    internal Mutant Mutant { get; init; }

    /// <summary>What it measures, for operators.</summary>
    public IReadOnlyList<Metric> Metrics =>
    [
        Metric.Gauge("agentcluster.projections.behind", "Events that the projections had not folded when they looked last.", () => Volatile.Read(ref _behind)),
        Metric.Counter("agentcluster.projections.folded", "Events that the projections folded.", () => _folded.Value),
        Metric.Counter("agentcluster.projections.failures", "How often the projections could not go on.", () => _failures.Value),
    ];

    /// <summary>Begins, or goes on from where any node was.</summary>
    public void Start() => Run();

    /// <summary>Ends after the page under way.</summary>
    public void Stop()
    {
        _stopped = true;
        Volatile.Read(ref _wanted).TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask ReachAsync(JournalHead head, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (Volatile.Read(ref _place) is { } place && place.Generation == head.Generation && place.Cursor.Covers(head.Cursor))
            {
                return;
            }

            var left = LongestWait - _clock.GetElapsedTime(began);
            Volatile.Read(ref _wanted).TrySetResult();
            if (left <= TimeSpan.Zero || !await IsInTimeAsync(moved, left, cancellationToken))
            {
                throw new StoreUnavailableException($"Expected the projections to be up to date within {LongestWait.TotalSeconds} s, found them behind.");
            }
        }
    }

    /// <summary>Folds one page.</summary>
    /// <returns>Whether there was more when it began.</returns>
    internal async ValueTask<bool> StepAsync()
    {
        var head = await _store.ReadHeadAsync(CancellationToken.None);
        (_isBusy, _end) = (head.Cursor.Total > _end, head.Cursor.Total);
        var place = _place is { } known && known.Generation == head.Generation ? known : await LoadAsync(head.Generation);
        var page = await _store.ReadJournalAsync(place.Cursor, head.Cursor, PageEvents, CancellationToken.None);
        if (page.Generation == place.Generation && page.Events.Count == 0)
        {
            Volatile.Write(ref _behind, 0);
            Move(place);
            return false;
        }

        var rows = await FoldAsync(page.Events);
        var next = place with { Version = place.Version + 1, Cursor = place.Cursor.After(page.Events) };
        var batch = new ProjectionBatch(_name, place.Generation, next.Version, next.Cursor, rows.Written, rows.Gone);

        Volatile.Write(ref _behind, Math.Max(0, head.Cursor.Total - next.Cursor.Total));
        _folded.Add(page.Events.Count);

        // Refused, somebody else was quicker, or the journal is another one: where it is now is in the store.
        Move(await _store.ProjectAsync(batch, CancellationToken.None) || Mutant == Mutant.BelievesRefusedProjections ? next : null);
        return !next.Cursor.Covers(head.Cursor);
    }

    private async void Run()
    {
        while (!_stopped)
        {
            var pause = BetweenPages;
            try
            {
                Renew(ref _wanted);
                while (await StepAndRestAsync() && !_stopped)
                {
                }
            }
            catch (StoreUnavailableException away)
            {
                _failures.Add();
                _log.ProjectionAway(_name, away.Message);
            }
#pragma warning disable CA1031 // Nobody awaits this; a bug must be seen, and what it stops is shown as behind.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                _failures.Add();
                _log.ProjectionFailed(_name, bug);
                Move(null);
                pause = AfterFailure;
            }

            await IsInTimeAsync(Volatile.Read(ref _wanted).Task, pause, CancellationToken.None);
        }
    }

    /// <summary>
    /// A page, and a rest from it while the journal grows: the actors have most of the machine also when they write faster
    /// than this folds. Whoever waits ends the rests.
    /// </summary>
    private async ValueTask<bool> StepAndRestAsync()
    {
        var began = _clock.GetTimestamp();
        var isMore = await StepAsync();
        if (isMore && _isBusy)
        {
            await IsInTimeAsync(Volatile.Read(ref _wanted).Task, RestsAPage * _clock.GetElapsedTime(began), CancellationToken.None);
        }

        return isMore;
    }

    private async ValueTask<bool> IsInTimeAsync(Task awaited, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await awaited.WaitAsync(patience, _clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask<Place> LoadAsync(int generation) =>
        await _store.ReadAsync(RuntimeTables.Projection, [_name], CancellationToken.None) is [var mark]
            ? new(generation, mark.Columns[0].Number!.Value, JournalCursor.Parse(System.Text.Encoding.ASCII.GetString(mark.Payload.Span)))
            : new(generation, 0, JournalCursor.Start);

    private async ValueTask<ProjectedRows> FoldAsync(IReadOnlyList<StoredEvent> page)
    {
        List<Folding> foldings = new(page.Count);
        HashSet<RowKey> looked = [];
        HashSet<RowKey> replaced = [];
        List<RowKey> keys = [];
        foreach (var happened in page)
        {
            foreach (var projection in _projections)
            {
                if (projection.Take(happened) is { } folding)
                {
                    // What an event of this page writes anew is not read for the events after it.
                    keys.AddRange(folding.Reads.Where(key => !replaced.Contains(key) && looked.Add(key)));
                    replaced.UnionWith(folding.Replaces);
                    foldings.Add(folding);
                }
            }
        }

        var rows = new ProjectedRows(new("projection", _name), looked, await ReadAsync(keys));
        foldings.ForEach(folding => folding.Fold(rows));
        return rows;
    }

    private async ValueTask<List<Row>> ReadAsync(IEnumerable<RowKey> keys)
    {
        List<Row> read = [];
        foreach (var table in keys.GroupBy(key => key.Table, key => key.Id))
        {
            foreach (var ids in table.Chunk(RowsAtOnce))
            {
                read.AddRange(await _store.ReadAsync(_tables[table.Key], ids, CancellationToken.None));
            }
        }

        return read;
    }

    private void Move(Place? place)
    {
        Volatile.Write(ref _place, place);
        var moved = Volatile.Read(ref _moved);
        Volatile.Write(ref _moved, new(_answers));
        moved.TrySetResult();
    }

    private void Renew(ref TaskCompletionSource source)
    {
        if (Volatile.Read(ref source).Task.IsCompleted)
        {
            Volatile.Write(ref source, new(_answers));
        }
    }

    private sealed record Place(int Generation, long Version, JournalCursor Cursor);
}
