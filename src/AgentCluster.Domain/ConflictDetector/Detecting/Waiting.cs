using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>Who wants paths that others hold: without a turn, or urgently.</summary>
internal static class Waiting
{
    public const string Kind = "file_access";

    public static IEnumerable<Clash> Of(string repository, Book book, Reservation want)
    {
        if (want.Standing == Standing.Held)
        {
            yield break;
        }

        foreach (var other in book.InTheWayOf(want).DistinctBy(other => other.Agent))
        {
            var resource = Resource(book, want, other);
            if (want.Standing == Standing.Wanted)
            {
                yield return Contention(repository, want, other, resource);
            }

            if (want is { Priority: <= Priority.P1, MayWait: false } && other.Standing == Standing.Held && other.Priority > want.Priority)
            {
                yield return Urgency(repository, want, other, resource);
            }
        }
    }

    private static Clash Contention(string repository, Reservation want, Reservation other, string resource) => new(
        Detection.IdOf(repository, ConflictType.ResourceContention, Kind, resource, want.Agent, other.Agent),
        ConflictType.ResourceContention,
        Severity.Medium,
        Detection.Both(want.Agent, other.Agent),
        resource,
        Kind,
        $"'{want.Agent}' wants '{resource}', which '{other.Agent}' {(other.Standing == Standing.Held ? "has reserved" : "waits for before")}.")
    {
        Want = want.Id,
        Holder = other.Id,
        Tasks = Detection.Tasks(want.Task, other.Task),
    };

    private static Clash Urgency(string repository, Reservation want, Reservation other, string resource) => new(
        Detection.IdOf(repository, ConflictType.PriorityConflict, Kind, resource, want.Agent, other.Agent),
        ConflictType.PriorityConflict,
        want.Priority == Priority.P0 ? Severity.Critical : Severity.High,
        Detection.Both(want.Agent, other.Agent),
        resource,
        Kind,
        $"'{want.Agent}' waits with {want.Priority} for '{resource}', which '{other.Agent}' has reserved with {other.Priority}.")
    {
        Want = want.Id,
        Holder = other.Id,
        Tasks = Detection.Tasks(want.Task, other.Task),
    };

    /// <summary>The first path of the want that the other one is in the way of.</summary>
    private static string Resource(Book book, Reservation want, Reservation other)
    {
        var theirs = other.Globs(book.Case).ToList();
        return want.Globs(book.Case).First(mine => theirs.Exists(mine.Overlaps)).Text;
    }
}
