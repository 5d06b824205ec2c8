using System.Collections.Immutable;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>All that is known of a repository. Immutable, so that what would follow from a step can be looked at before it is taken.</summary>
internal sealed record Book
{
    public PathCase Case { get; init; }

    /// <summary>How many worktrees there ever were.</summary>
    public long Places { get; init; }

    /// <summary>By name.</summary>
    public ImmutableSortedDictionary<string, Worktree> Worktrees { get; init; } =
        ImmutableSortedDictionary.Create<string, Worktree>(StringComparer.Ordinal);

    /// <summary>By the names of the pair.</summary>
    public ImmutableSortedDictionary<string, PairForecast> Forecasts { get; init; } =
        ImmutableSortedDictionary.Create<string, PairForecast>(StringComparer.Ordinal);

    public Book After(DetectorEvent happened) => happened switch
    {
        WorktreePut e => Put(e),
        WorktreeRemoved e => this with
        {
            Worktrees = Worktrees.Remove(e.Name),
            Forecasts = Forecasts.RemoveRange(Forecasts.Where(pair => pair.Value.A == e.Name || pair.Value.B == e.Name).Select(pair => pair.Key)),
        },
        FilesTouched e when Worktrees.TryGetValue(e.Worktree, out var found) => With(found with { Reported = Merged(found.Reported, e.Files) }),
        WorktreeSeen e when Worktrees.TryGetValue(e.Worktree, out var found) => With(found with { Seen = e.Seen }),
        ForecastChanged e => this with { Forecasts = Forecasts.SetItems(e.Pairs.Select(pair => KeyValuePair.Create(KeyOf(pair.A, pair.B), pair))) },
        PathCaseSet e => this with { Case = e.Case },
        _ => this,
    };

    /// <summary>A pair's key: no worktree's name holds a line feed.</summary>
    public static string KeyOf(string a, string? b) => $"{a}\n{b}";

    private Book Put(WorktreePut e)
    {
        var known = Worktrees.GetValueOrDefault(e.Worktree.Name);
        return With(e.Worktree with { Seen = known?.Seen, Reported = known?.Reported ?? [] }) with { Places = Math.Max(Places, e.Worktree.Place) };
    }

    private Book With(Worktree worktree) => this with { Worktrees = Worktrees.SetItem(worktree.Name, worktree) };

    private static ValueList<string> Merged(ValueList<string> known, ValueList<string> more) =>
        known.Concat(more).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();
}
