using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>Who works on one branch, or in one folder, with another.</summary>
internal static class Crowding
{
    private const string Detached = "HEAD";

    public static IEnumerable<Clash> All(string repository, Book book) =>
        Pairs(book, worktree => worktree.Branch == Detached ? null : worktree.Branch).Select(pair => Of(repository, pair, "branch"))
            .Concat(Pairs(book, worktree => worktree.Path?.TrimEnd('/')).Select(pair => Of(repository, pair, "worktree_path")));

    private static Clash Of(string repository, (Worktree One, Worktree Two, string What) pair, string kind) => new(
        Detection.IdOf(repository, ConflictType.AgentConflict, kind, pair.What, pair.One.Agent, pair.Two.Agent),
        ConflictType.AgentConflict,
        Severity.High,
        Detection.Both(pair.One.Agent, pair.Two.Agent),
        pair.What,
        kind,
        $"'{pair.One.Agent}' in '{pair.One.Name}' and '{pair.Two.Agent}' in '{pair.Two.Name}' both work {(kind == "branch" ? "on the branch" : "in the folder")} '{pair.What}'.")
    {
        Worktrees = [pair.One.Name, pair.Two.Name],
        Tasks = Detection.Tasks(pair.One.Task, pair.Two.Task),
    };

    private static IEnumerable<(Worktree One, Worktree Two, string What)> Pairs(Book book, Func<Worktree, string?> what)
    {
        var worktrees = book.Worktrees.Values.Where(worktree => what(worktree) is not null).OrderBy(worktree => what(worktree), StringComparer.Ordinal).ToList();
        for (var i = 0; i < worktrees.Count; i++)
        {
            for (var j = i + 1; j < worktrees.Count && what(worktrees[j]) == what(worktrees[i]); j++)
            {
                if (worktrees[i].Agent != worktrees[j].Agent)
                {
                    yield return (worktrees[i], worktrees[j], what(worktrees[i])!);
                }
            }
        }
    }
}
