using System.Collections.Immutable;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

internal sealed partial record Book
{
    /// <summary>Conflicts that are over and kept in memory; their rows stay.</summary>
    public const int MostEnded = 500;

    /// <summary>Which of two worktrees is merged first, by the names of the pair.</summary>
    public ImmutableSortedDictionary<string, string> Orders { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>By whose they are and what they are about.</summary>
    public ImmutableSortedDictionary<string, RecordedDecision> Decisions { get; init; } =
        ImmutableSortedDictionary.Create<string, RecordedDecision>(StringComparer.Ordinal);

    /// <summary>How many decisions there ever were.</summary>
    public long DecisionPlaces { get; init; }

    /// <summary>What was decided before, by topic and choice.</summary>
    public ImmutableSortedDictionary<string, Pattern> Patterns { get; init; } = ImmutableSortedDictionary.Create<string, Pattern>(StringComparer.Ordinal);

    /// <summary>Those that are there, and the last that were.</summary>
    public ImmutableSortedDictionary<string, Conflict> Conflicts { get; init; } = ImmutableSortedDictionary.Create<string, Conflict>(StringComparer.Ordinal);

    /// <summary>The ids of those that are over, oldest first.</summary>
    public ImmutableList<string> Ended { get; init; } = [];

    public Conflict? Find(ConflictId id) => Conflicts.GetValueOrDefault(id.Value);

    /// <summary>Which of two worktrees is merged first; null when nobody said.</summary>
    public string? FirstOf(string a, string b)
    {
        var (one, two) = PairForecast.InOrder(a, b);
        return Orders.GetValueOrDefault(KeyOf(one, two));
    }

    private Book Order(MergeOrdered e)
    {
        var (a, b) = PairForecast.InOrder(e.First, e.Second);
        return this with { Orders = Orders.SetItem(KeyOf(a, b), e.First) };
    }

    private Book Record(RecordedDecision decided)
    {
        var decisions = Decisions.SetItem(decided.Key, decided);
        return this with
        {
            Decisions = decisions.Count > RecordedDecision.Most ? decisions.Remove(decisions.MinBy(each => each.Value.Place).Key) : decisions,
            DecisionPlaces = Math.Max(DecisionPlaces, decided.Place),
        };
    }

    private Book Overrule(DecisionOverruled e) => Decisions.TryGetValue(e.Key, out var known)
        ? this with { Decisions = Decisions.SetItem(e.Key, known with { Overruled = e.Choice }), Patterns = Learned(known.Topic, e.Choice) }
        : this;

    private ImmutableSortedDictionary<string, Pattern> Learned(string topic, string choice)
    {
        var key = Pattern.KeyOf(topic, choice);
        return Patterns.Count >= RecordedDecision.Most && !Patterns.ContainsKey(key)
            ? Patterns
            : Patterns.SetItem(key, Patterns.GetValueOrDefault(key) is { } known ? known with { Wins = known.Wins + 1 } : new(topic, choice, 1));
    }

    private Book Detect(ConflictDetected e)
    {
        var known = Find(e.Found.Id);
        return this with
        {
            Conflicts = Conflicts.SetItem(e.Found.Id.Value, new(e.Found, ConflictStatus.Open)
            {
                Attempts = known?.Attempts ?? [],
                DetectedAt = known?.DetectedAt ?? e.At,
                UpdatedAt = e.At,
            }),
            Ended = known is null ? Ended : Ended.Remove(e.Found.Id.Value),
        };
    }

    private Book Try(ConflictTried e) => Change(e.Conflict, known => known with
    {
        Attempts = (known.Attempts.Count < Conflict.MostAttempts ? known.Attempts : ValueList.Of(known.Attempts.AsSpan()[1..])).With(e.Attempt),
        Asked = known.Asked?.Strategy == e.Attempt.Strategy ? null : known.Asked,
        UpdatedAt = e.At,
    });

    private Book Resolve(ConflictResolved e)
    {
        var book = Change(e.Conflict, known => known with
        {
            Status = ConflictStatus.Resolved,
            Resolution = e.Resolution,
            IsAccepted = e.IsAccepted,
            Asked = null,
            UpdatedAt = e.At,
        });
        var ended = Ended.Remove(e.Conflict.Value);
        ended = e.IsAccepted ? ended : ended.Add(e.Conflict.Value);
        return ended.Count <= MostEnded
            ? book with { Ended = ended }
            : book with { Ended = ended.RemoveAt(0), Conflicts = book.Conflicts.Remove(ended[0]) };
    }

    private Book Change(ConflictId id, Func<Conflict, Conflict> change) =>
        Find(id) is { } known ? this with { Conflicts = Conflicts.SetItem(id.Value, change(known)) } : this;
}
