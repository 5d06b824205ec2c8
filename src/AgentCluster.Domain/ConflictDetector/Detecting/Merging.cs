using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>Whose work does not go together: a forecast says so, or nobody can tell and both touch the same files.</summary>
internal static class Merging
{
    public const string Kind = "merge";

    public static IEnumerable<Clash> All(string repository, Book book)
    {
        foreach (var pair in book.Forecasts.Values)
        {
            if (pair is { Verdict: Verdict.Conflict, B: { } b } && Pair(book, pair.A, b) is var (one, two))
            {
                yield return Conflict(repository, one, two, pair);
            }
        }

        foreach (var (a, b, files) in Shared(book))
        {
            if (IsUnforeseen(book, a, b) && Pair(book, a.Name, b.Name) is var (one, two))
            {
                yield return Overlap(repository, one, two, files);
            }
        }
    }

    private static (Worktree One, Worktree Two)? Pair(Book book, string a, string b) =>
        book.FirstOf(a, b) is null && book.Worktrees.GetValueOrDefault(a) is { } one && book.Worktrees.GetValueOrDefault(b) is { } two && one.Agent != two.Agent
            ? (one, two)
            : null;

    /// <summary>Whether no forecast is to be waited for: nobody can see one of them, or who looked could not tell.</summary>
    private static bool IsUnforeseen(Book book, Worktree a, Worktree b)
    {
        var (one, two) = PairForecast.InOrder(a.Name, b.Name);
        var known = book.Forecasts.GetValueOrDefault(Book.KeyOf(one, two));
        return known is null ? a.Path is null || b.Path is null : known.Verdict == Verdict.Unknown;
    }

    private static Clash Conflict(string repository, Worktree one, Worktree two, PairForecast pair)
    {
        var files = pair.Files.Select(file => file.Path).Take(Detection.MostFiles).ToValueList();
        var resource = files.IsEmpty ? $"{one.Name} + {two.Name}" : files[0];
        return new(
            Detection.IdOf(repository, ConflictType.ResourceContention, Kind, $"{one.Name}\n{two.Name}", one.Agent, two.Agent),
            ConflictType.ResourceContention,
            Severity.High,
            Detection.Both(one.Agent, two.Agent),
            resource,
            Kind,
            $"A merge of '{one.Name}' of '{one.Agent}' and '{two.Name}' of '{two.Agent}' fails on {Named(pair)}.")
        {
            Files = files,
            Worktrees = [one.Name, two.Name],
            Tasks = Detection.Tasks(one.Task, two.Task),
        };
    }

    private static Clash Overlap(string repository, Worktree one, Worktree two, List<string> files) => new(
        Detection.IdOf(repository, ConflictType.ResourceContention, Waiting.Kind, files[0], one.Agent, two.Agent),
        ConflictType.ResourceContention,
        Severity.Medium,
        Detection.Both(one.Agent, two.Agent),
        files[0],
        Waiting.Kind,
        $"'{one.Agent}' and '{two.Agent}' both work on '{files[0]}'{(files.Count == 1 ? "" : $" and {files.Count - 1} more")}, and nobody can tell whether it merges.")
    {
        Files = files.Take(Detection.MostFiles).ToValueList(),
        Worktrees = [one.Name, two.Name],
        Tasks = Detection.Tasks(one.Task, two.Task),
    };

    private static string Named(PairForecast pair) => pair.Files.Count switch
    {
        0 => pair.Detail ?? "what git does not name",
        1 => $"'{pair.Files[0].Path}' ({pair.Files[0].Kind})",
        var count => $"'{pair.Files[0].Path}' ({pair.Files[0].Kind}) and {count - 1} more",
    };

    /// <summary>Files that are touched in two worktrees of different agents, by pair.</summary>
    private static List<(Worktree A, Worktree B, List<string> Files)> Shared(Book book)
    {
        SortedDictionary<string, List<Worktree>> touched = new(StringComparer.Ordinal);
        foreach (var worktree in book.Worktrees.Values)
        {
            foreach (var touch in worktree.Touches)
            {
                if (!touched.TryGetValue(touch.Path, out var worktrees))
                {
                    touched.Add(touch.Path, worktrees = []);
                }

                worktrees.Add(worktree);
            }
        }

        SortedDictionary<string, (Worktree A, Worktree B, List<string> Files)> pairs = new(StringComparer.Ordinal);
        foreach (var (path, worktrees) in touched)
        {
            foreach (var (a, b) in worktrees.SelectMany((a, i) => worktrees.Skip(i + 1).Select(b => (a, b))))
            {
                var key = Book.KeyOf(a.Name, b.Name);
                if (!pairs.TryGetValue(key, out var pair))
                {
                    pairs.Add(key, pair = (a, b, []));
                }

                pair.Files.Add(path);
            }
        }

        return [.. pairs.Values];
    }
}
