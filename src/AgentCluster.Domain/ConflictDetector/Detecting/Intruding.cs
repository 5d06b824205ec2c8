using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>Who works on what another has reserved for itself alone.</summary>
internal static class Intruding
{
    /// <summary>How many touched files are looked at in one go, over all worktrees; the rest is the hooks' to refuse.</summary>
    private const int MostFiles = 20_000;

    public static IEnumerable<Clash> All(string repository, Book book) => book.Worktrees.Values
        .SelectMany(worktree => worktree.Touches.Select(touch => (Worktree: worktree, touch.Path)))
        .Take(MostFiles)
        .SelectMany(touched => book.Held.Meaning(new RepositoryPath(touched.Path))
            .Select(entry => (touched.Worktree, touched.Path, Holder: book.Reservations[entry.Owner], Pattern: entry.Glob.Text)))
        .Where(each => each.Holder.Mode == ReservationMode.Exclusive && each.Holder.Agent != each.Worktree.Agent && !IsInOrder(book, each.Worktree, each.Holder))
        .GroupBy(each => (each.Worktree.Name, each.Holder.Id, each.Pattern))
        .Select(group => Of(repository, group.First().Worktree, group.First().Holder, group.Key.Pattern, [.. group.Select(each => each.Path)]));

    private static Clash Of(string repository, Worktree worktree, Reservation holder, string pattern, List<string> files) => new(
        Detection.IdOf(repository, ConflictType.ResourceContention, Waiting.Kind, pattern, worktree.Agent, holder.Agent),
        ConflictType.ResourceContention,
        Severity.High,
        Detection.Both(worktree.Agent, holder.Agent),
        pattern,
        Waiting.Kind,
        $"'{worktree.Agent}' works in '{worktree.Name}' on '{files[0]}'{(files.Count == 1 ? "" : $" and {files.Count - 1} more")}, which '{holder.Agent}' has reserved.")
    {
        Files = files.Take(Detection.MostFiles).ToValueList(),
        Holder = holder.Id,
        Worktrees = [worktree.Name],
        Tasks = Detection.Tasks(worktree.Task, holder.Task),
    };

    /// <summary>Whether it is settled which of their worktrees is merged first.</summary>
    private static bool IsInOrder(Book book, Worktree worktree, Reservation holder) => book.Worktrees.Values
        .Any(other => other.Agent == holder.Agent && book.FirstOf(worktree.Name, other.Name) is not null);
}
