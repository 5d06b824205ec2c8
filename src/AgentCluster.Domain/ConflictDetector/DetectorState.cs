using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>What a conflict detector remembers: the book of its repository, and which rows of it are to be written.</summary>
public sealed class DetectorState : IRowState
{
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);
    private bool _isTouched;

    /// <param name="name">The repository's name.</param>
    /// <param name="case">Of the repository.</param>
    /// <param name="places">How many worktrees there ever were.</param>
    /// <param name="worktrees">By name.</param>
    /// <param name="forecasts">By pair.</param>
    public DetectorState(
        string name,
        PathCase @case = default,
        long places = 0,
        IReadOnlyList<Worktree>? worktrees = null,
        IReadOnlyList<PairForecast>? forecasts = null)
    {
        Name = name;
        Book = new()
        {
            Case = @case,
            Places = places,
            Worktrees = (worktrees ?? []).ToImmutableSortedDictionary(each => each.Name, each => each, StringComparer.Ordinal),
            Forecasts = (forecasts ?? []).ToImmutableSortedDictionary(each => Book.KeyOf(each.A, each.B), each => each, StringComparer.Ordinal),
        };
    }

    /// <summary>The repository's name.</summary>
    public string Name { get; }

    /// <summary>Of the repository.</summary>
    public PathCase Case => Book.Case;

    /// <summary>How many worktrees there ever were.</summary>
    public long Places => Book.Places;

    /// <summary>By name.</summary>
    public IReadOnlyList<Worktree> Worktrees => [.. Book.Worktrees.Values];

    /// <summary>By pair.</summary>
    public IReadOnlyList<PairForecast> Forecasts => [.. Book.Forecasts.Values];

    [JsonIgnore]
    internal Book Book { get; private set; }

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        foreach (var name in _touched)
        {
            into.Add(WorktreeRow.Key(Name, name));
        }

        if (_isTouched)
        {
            into.Add(RepositoryRow.Key(Name));
        }

        _touched.Clear();
        _isTouched = false;
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) =>
        key.Table == DetectorTables.Worktree.Name
            ? (Book.Worktrees.GetValueOrDefault(WorktreeRow.NameIn(key)) is { } worktree ? WorktreeRow.Write(Name, worktree) : null)
            : RepositoryRow.Write(Name, Book);

    internal void Apply(DetectorEvent happened)
    {
        var awake = RepositoryRow.IsAwake(Book);
        Book = Book.After(happened);
        _isTouched |= awake != RepositoryRow.IsAwake(Book) || happened is PathCaseSet;
        switch (happened)
        {
            case WorktreePut e:
                _touched.Add(e.Worktree.Name);
                _isTouched |= e.Worktree.Place == 1;
                break;
            case WorktreeRemoved e:
                _touched.Add(e.Name);
                break;
        }
    }
}
