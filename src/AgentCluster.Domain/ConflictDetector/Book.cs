using System.Collections.Immutable;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>All that is known of a repository. Immutable, so that what would follow from a step can be looked at before it is taken.</summary>
internal sealed partial record Book
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
            Orders = Orders.RemoveRange(Orders.Keys.Where(pair => pair.Split('\n').Contains(e.Name))),
        },
        FilesTouched e => Change(e.Worktree, found => found with { Reported = Merged(found.Reported, e.Files) }),
        WorktreeSeen e => Change(e.Worktree, found => found with { Seen = e.Seen }),
        ForecastChanged e => this with { Forecasts = Forecasts.SetItems(e.Pairs.Select(pair => KeyValuePair.Create(KeyOf(pair.A, pair.B), pair))) },
        PathCaseSet e => In(e.Case),
        ReservationGranted e => With(e.Reservation),
        ReservationWanted e => With(e.Reservation),
        ReservationRenewed e => Change(e.Id, known => known with { TtlSeconds = e.TtlSeconds, RenewedAt = e.At, Renewal = known.Renewal + 1 }),
        ReservationEnded e => End(e),
        ReservationQueued e => Change(e.Id, known => known with { Standing = Standing.Queued, GrantedAt = null }),
        ReservationNarrowed e => Change(e.Id, known => known with { Paths = e.Paths }),
        ReservationYielded e => Yield(e),
        ReservationMayWait e => Change(e.Id, known => known with { MayWait = true }),
        MergeOrdered e => Order(e),
        DecisionRecorded e => Record(e.Decided),
        DecisionOverruled e => Overrule(e),
        ConflictDetected e => Detect(e),
        ConflictTried e => Try(e),
        ConflictAsked e => Change(e.Conflict, known => known with { Asked = e.Asked, UpdatedAt = e.At }),
        ConflictResolved e => Resolve(e),
        ConflictEscalated e => Change(e.Conflict, known => known with { Status = ConflictStatus.Escalated, Asked = null, UpdatedAt = e.At }),
        _ => throw new System.Diagnostics.UnreachableException($"Unapplied event {happened.GetType().Name}."),
    };

    /// <summary>A pair's key: no worktree's name holds a line feed.</summary>
    public static string KeyOf(string a, string? b) => $"{a}\n{b}";

    private Book Put(WorktreePut e)
    {
        var known = Worktrees.GetValueOrDefault(e.Worktree.Name);
        return With(e.Worktree with { Seen = known?.Seen, Reported = known?.Reported ?? [] }) with { Places = Math.Max(Places, e.Worktree.Place) };
    }

    private Book Change(string worktree, Func<Worktree, Worktree> change) =>
        Worktrees.TryGetValue(worktree, out var found) ? With(change(found)) : this;

    private Book With(Worktree worktree) => this with { Worktrees = Worktrees.SetItem(worktree.Name, worktree) };

    private static ValueList<string> Merged(ValueList<string> known, ValueList<string> more) =>
        known.Concat(more).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();
}
