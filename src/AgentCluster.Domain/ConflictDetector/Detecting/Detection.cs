using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>
/// Finds what is in conflict, from the book alone: the same book always gives the same clashes with the same ids, and what is
/// not found any more is over.
/// </summary>
internal static class Detection
{
    /// <summary>Files that a clash names at most.</summary>
    public const int MostFiles = 100;

    /// <summary>All conflicts of a repository, each once.</summary>
    public static IReadOnlyList<Clash> All(string repository, Book book)
    {
        List<Clash> found =
        [
            .. book.Restless.SelectMany(id => Waiting.Of(repository, book, book.Reservations[id])),
            .. Merging.All(repository, book),
            .. Intruding.All(repository, book),
            .. Crowding.All(repository, book),
            .. Disagreeing.All(repository, book),
        ];
        return [.. found.Where(clash => !IsPartOfAMerge(clash, found)).DistinctBy(clash => clash.Id)];
    }

    /// <summary>Whether a conflict is there still, in a book that somebody thinks of.</summary>
    public static bool FindsAgain(string repository, Book book, Clash clash) => clash switch
    {
        { Want: { } want } => book.Find(want) is { } wanted && Waiting.Of(repository, book, wanted).Any(each => each.Id == clash.Id),
        { Decisions.IsEmpty: false } => Disagreeing.All(repository, book).Any(each => each.Id == clash.Id),
        _ => All(repository, book).Any(each => each.Id == clash.Id),
    };

    /// <summary>An id that is the same whenever the same is found.</summary>
    public static ConflictId IdOf(string repository, ConflictType type, string kind, string resource, AgentId one, AgentId two)
    {
        var (first, second) = InOrder(one, two);
        return new(Ulid.Derived("conflict", repository, type.Word(), kind, resource, first.Value, second.Value));
    }

    /// <summary>Two agents, by id.</summary>
    public static (AgentId First, AgentId Second) InOrder(AgentId one, AgentId two) =>
        string.CompareOrdinal(one.Value, two.Value) <= 0 ? (one, two) : (two, one);

    /// <summary>Two agents, by id.</summary>
    public static ValueList<AgentId> Both(AgentId one, AgentId two)
    {
        var (first, second) = InOrder(one, two);
        return [first, second];
    }

    /// <summary>The tasks of those involved.</summary>
    public static ValueList<TaskId> Tasks(TaskId? one, TaskId? two) =>
        new[] { one, two }.OfType<TaskId>().Distinct().ToValueList();

    // Whoever wants a file on which their merge fails is in one conflict, not in two.
    private static bool IsPartOfAMerge(Clash clash, List<Clash> all) =>
        clash.Kind == Waiting.Kind && all.Any(other => other.Kind == Merging.Kind && other.Agents == clash.Agents && other.Files.AsSpan().Contains(clash.Resource));
}
