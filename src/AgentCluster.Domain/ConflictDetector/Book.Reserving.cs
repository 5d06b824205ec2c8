using System.Collections.Immutable;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector;

internal sealed partial record Book
{
    /// <summary>Held, wanted and queued ones, by id.</summary>
    public ImmutableSortedDictionary<string, Reservation> Reservations { get; init; } =
        ImmutableSortedDictionary.Create<string, Reservation>(StringComparer.Ordinal);

    /// <summary>How many each agent has.</summary>
    public ImmutableSortedDictionary<string, int> OfAgents { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The ids of those that have no turn, and of those that wait although they are urgent: what detection looks at.</summary>
    public ImmutableSortedSet<string> Restless { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The ids of those that each agent has queued for: a circle is looked for on every request, among thousands of others.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Waiters { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>What is held.</summary>
    public GlobIndex Held { get; init; } = GlobIndex.Empty;

    /// <summary>What is queued.</summary>
    public GlobIndex Queued { get; init; } = GlobIndex.Empty;

    /// <summary>How many reservations there ever were.</summary>
    public long Turns { get; init; }

    /// <summary>How many reservations were held to their end, and for how many milliseconds together.</summary>
    public (long Count, long Milliseconds) Measured { get; init; }

    public Reservation? Find(ReservationId id) => Reservations.GetValueOrDefault(id.Value);

    /// <summary>What is in a reservation's way, in the order of their turns: what others hold, and what they have queued for before it.</summary>
    public IReadOnlyList<Reservation> InTheWayOf(Reservation wanted) =>
    [
        .. wanted.Globs(Case)
            .SelectMany(glob => Held.Overlapping(glob).Concat(Queued.Overlapping(glob)))
            .Select(entry => Reservations[entry.Owner])
            .Where(other => other.Id != wanted.Id && !other.IsCompatibleWith(wanted) && (other.Standing == Standing.Held || other.Place < wanted.Place))
            .DistinctBy(other => other.Id)
            .OrderBy(other => other.Standing)
            .ThenBy(other => other.Place),
    ];

    /// <summary>What an agent waits for, by id.</summary>
    public IEnumerable<Reservation> Waiting(AgentId agent) =>
        Waiters.TryGetValue(agent.Value, out var ids) ? ids.Select(id => Reservations[id]) : [];

    /// <summary>How long reservations were held on average; null when none was yet.</summary>
    public TimeSpan? Average => Measured.Count == 0 ? null : TimeSpan.FromMilliseconds(Measured.Milliseconds / Measured.Count);

    public Book WithAll(IEnumerable<Reservation> reservations) => reservations.Aggregate(this, static (book, each) => book.With(each));

    private Book With(Reservation reservation)
    {
        var book = Without(reservation.Id);
        var id = reservation.Id.Value;
        var globs = reservation.Globs(Case);
        var isRestless = reservation.Standing == Standing.Wanted
            || (reservation.Standing == Standing.Queued && reservation.Priority <= Tasks.Priority.P1 && !reservation.MayWait);
        return book with
        {
            Reservations = book.Reservations.SetItem(id, reservation),
            OfAgents = book.OfAgents.SetItem(reservation.Agent.Value, book.OfAgents.GetValueOrDefault(reservation.Agent.Value) + 1),
            Waiters = reservation.Standing == Standing.Queued ? book.Waits(reservation.Agent.Value, ids => ids.Add(id)) : book.Waiters,
            Restless = isRestless ? book.Restless.Add(id) : book.Restless,
            Held = reservation.Standing == Standing.Held ? globs.Aggregate(book.Held, (index, glob) => index.Add(id, glob)) : book.Held,
            Queued = reservation.Standing == Standing.Queued ? globs.Aggregate(book.Queued, (index, glob) => index.Add(id, glob)) : book.Queued,
            Turns = Math.Max(book.Turns, reservation.Place),
        };
    }

    private Book Without(ReservationId gone)
    {
        if (Find(gone) is not { } known)
        {
            return this;
        }

        var (id, agent) = (gone.Value, known.Agent.Value);
        var left = OfAgents.GetValueOrDefault(agent) - 1;
        return this with
        {
            Reservations = Reservations.Remove(id),
            OfAgents = left == 0 ? OfAgents.Remove(agent) : OfAgents.SetItem(agent, left),
            Waiters = known.Standing == Standing.Queued ? Waits(agent, ids => ids.Remove(id)) : Waiters,
            Restless = Restless.Remove(id),
            Held = known.Standing == Standing.Held ? known.Globs(Case).Aggregate(Held, (index, glob) => index.Remove(id, glob)) : Held,
            Queued = known.Standing == Standing.Queued ? known.Globs(Case).Aggregate(Queued, (index, glob) => index.Remove(id, glob)) : Queued,
        };
    }

    private ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Waits(
        string agent, Func<ImmutableSortedSet<string>, ImmutableSortedSet<string>> change) =>
        change(Waiters.GetValueOrDefault(agent) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)) is { IsEmpty: false } left
            ? Waiters.SetItem(agent, left)
            : Waiters.Remove(agent);

    private Book Change(ReservationId id, Func<Reservation, Reservation> change) => Find(id) is { } known ? With(change(known)) : this;

    private Book End(ReservationEnded e)
    {
        var known = Find(e.Id);
        return Without(e.Id) with
        {
            Measured = known is { Standing: Standing.Held, GrantedAt: { } granted }
                ? (Measured.Count + 1, Measured.Milliseconds + Math.Max(0, (long)(e.At - granted).TotalMilliseconds))
                : Measured,
        };
    }

    private Book Yield(ReservationYielded e)
    {
        if (Find(e.Id) is not { } holder || Find(e.To) is not { } first)
        {
            return this;
        }

        return With(holder with { Standing = Standing.Queued, GrantedAt = null, RenewedAt = e.At, Renewal = holder.Renewal + 1, Place = Math.Max(holder.Place, first.Place) })
            .With(first with { Standing = Standing.Queued, Place = Math.Min(holder.Place, first.Place) });
    }

    /// <summary>The same book, with every path in another case.</summary>
    private Book In(PathCase pathCase)
    {
        var empty = Reservations.Keys.Aggregate(this, (book, id) => book.Without(new(id))) with { Case = pathCase };
        return Reservations.Values.Aggregate(
            empty, (book, each) => book.With(each with { Paths = each.Globs(pathCase).Select(glob => glob.Text).Distinct(StringComparer.Ordinal).ToValueList() }));
    }
}
