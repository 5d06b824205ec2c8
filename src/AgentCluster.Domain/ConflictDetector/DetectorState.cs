using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>What a conflict detector remembers: the book of its repository, and which rows of it are to be written.</summary>
/// <param name="name">The repository's name.</param>
/// <param name="kept">The book as it is kept.</param>
[method: JsonConstructor]
public sealed class DetectorState(string name, BookPages kept) : IRowState
{
    private readonly SortedSet<string> _worktrees = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _conflicts = new(StringComparer.Ordinal);
    private bool _isTouched;

    /// <summary>The repository's name.</summary>
    public string Name => name;

    /// <summary>The book as it is kept.</summary>
    public BookPages Kept => BookPages.Of(Book);

    [JsonIgnore]
    internal Book Book { get; private set; } = kept.Open();

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        foreach (var worktree in _worktrees)
        {
            into.Add(WorktreeRow.Key(Name, worktree));
        }

        foreach (var conflict in _conflicts)
        {
            into.Add(ConflictRow.Key(new(conflict)));
        }

        if (_isTouched)
        {
            into.Add(RepositoryRow.Key(Name));
        }

        _worktrees.Clear();
        _conflicts.Clear();
        _isTouched = false;
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) =>
        key.Table == DetectorTables.Repository.Name ? RepositoryRow.Write(Name, Book)
        : key.Table == DetectorTables.Conflict.Name ? (Book.Find(new ConflictId(key.Id)) is { } conflict ? ConflictRow.Write(Name, conflict) : null)
        : Book.Worktrees.GetValueOrDefault(WorktreeRow.NameIn(key)) is { } worktree ? WorktreeRow.Write(Name, worktree)
        : null;

    internal void Apply(DetectorEvent happened)
    {
        var awake = RepositoryRow.IsAwake(Book);
        Book = Book.After(happened);
        _isTouched |= awake != RepositoryRow.IsAwake(Book) || happened is PathCaseSet;
        Touch(_worktrees, happened switch
        {
            WorktreePut e => e.Worktree.Name,
            WorktreeRemoved e => e.Name,
            _ => null,
        });
        Touch(_conflicts, happened switch
        {
            ConflictDetected e => e.Found.Id.Value,
            ConflictTried e => e.Conflict.Value,
            ConflictAsked e => e.Conflict.Value,
            ConflictResolved e => e.Conflict.Value,
            ConflictEscalated e => e.Conflict.Value,
            _ => null,
        });
    }

    private static void Touch(SortedSet<string> touched, string? id)
    {
        if (id is not null)
        {
            touched.Add(id);
        }
    }
}

/// <summary>A book as a snapshot keeps it. What follows from the rest (indexes, counts) is not kept.</summary>
public sealed record BookPages
{
    /// <summary>Whether names that differ in case are one file.</summary>
    public PathCase Case { get; init; }

    /// <summary>How many worktrees there ever were.</summary>
    public long Places { get; init; }

    /// <summary>How many reservations there ever were.</summary>
    public long Turns { get; init; }

    /// <summary>How many decisions there ever were.</summary>
    public long DecisionPlaces { get; init; }

    /// <summary>How many reservations were held to their end.</summary>
    public long Measured { get; init; }

    /// <summary>For how many milliseconds together.</summary>
    public long MeasuredMilliseconds { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyList<Worktree> Worktrees { get; init; } = [];

    /// <summary>By pair.</summary>
    public IReadOnlyList<PairForecast> Forecasts { get; init; } = [];

    /// <summary>By id.</summary>
    public IReadOnlyList<Reservation> Reservations { get; init; } = [];

    /// <summary>Which worktree of a pair is merged first: the pair's names and the first one's, each in a line.</summary>
    public IReadOnlyList<string> Orders { get; init; } = [];

    /// <summary>By whose they are and what they are about.</summary>
    public IReadOnlyList<RecordedDecision> Decisions { get; init; } = [];

    /// <summary>By topic and choice.</summary>
    public IReadOnlyList<Pattern> Patterns { get; init; } = [];

    /// <summary>By id.</summary>
    public IReadOnlyList<Conflict> Conflicts { get; init; } = [];

    /// <summary>The ids of those that are over, oldest first.</summary>
    public IReadOnlyList<string> Ended { get; init; } = [];

    internal static BookPages Of(Book book) => new()
    {
        Case = book.Case,
        Places = book.Places,
        Turns = book.Turns,
        DecisionPlaces = book.DecisionPlaces,
        Measured = book.Measured.Count,
        MeasuredMilliseconds = book.Measured.Milliseconds,
        Worktrees = [.. book.Worktrees.Values],
        Forecasts = [.. book.Forecasts.Values],
        Reservations = [.. book.Reservations.Values],
        Orders = [.. book.Orders.Select(order => $"{order.Key}\n{order.Value}")],
        Decisions = [.. book.Decisions.Values],
        Patterns = [.. book.Patterns.Values],
        Conflicts = [.. book.Conflicts.Values],
        Ended = book.Ended,
    };

    internal Book Open() => new Book
    {
        Case = Case,
        Places = Places,
        DecisionPlaces = DecisionPlaces,
        Measured = (Measured, MeasuredMilliseconds),
        Worktrees = Worktrees.ToImmutableSortedDictionary(each => each.Name, each => each, StringComparer.Ordinal),
        Forecasts = Forecasts.ToImmutableSortedDictionary(each => Book.KeyOf(each.A, each.B), each => each, StringComparer.Ordinal),
        Orders = Orders.Select(order => (Order: order, At: order.LastIndexOf('\n'))).ToImmutableSortedDictionary(
            each => each.Order[..each.At], each => each.Order[(each.At + 1)..], StringComparer.Ordinal),
        Decisions = Decisions.ToImmutableSortedDictionary(each => each.Key, each => each, StringComparer.Ordinal),
        Patterns = Patterns.ToImmutableSortedDictionary(each => each.Key, each => each, StringComparer.Ordinal),
        Conflicts = Conflicts.ToImmutableSortedDictionary(each => each.Found.Id.Value, each => each, StringComparer.Ordinal),
        Ended = [.. Ended],
    }.WithAll(Reservations) with
    { Turns = Turns };
}
