using System.Diagnostics;
using AgentCluster.Domain;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using AgentCluster.Workers.Forecasts;
using AgentCluster.Workers.Merges;
using Verdict = AgentCluster.Workers.Merges.Verdict;

namespace AgentCluster.Node.Forecasts;

/// <summary>What was found, in the words of the conflict detector.</summary>
internal static class Reports
{
    /// <summary>Pairs in one report at most.</summary>
    public const int MostPairs = 1_000;

    private const int MostDetail = 4_000;

    public static Observation Of(CopyReport copy) => new(copy.Head, copy.BaseCommit)
    {
        Files = copy.Touched.Select(file => new Domain.Worktrees.Touch(Storable(file.Path), file.How switch
        {
            Workers.Forecasts.Touch.Added => TouchKind.Added,
            Workers.Forecasts.Touch.Modified => TouchKind.Modified,
            Workers.Forecasts.Touch.Deleted => TouchKind.Deleted,
            Workers.Forecasts.Touch.Mode => TouchKind.Mode,
            _ => throw new UnreachableException(),
        })).ToValueList(),
        Problem = copy.Problem is null ? null : Short(copy.Problem),
    };

    public static PairForecast Of(PairVerdict pair, PathCase pathCase) => pair.Verdict switch
    {
        Verdict.Clean => new(pair.A, Domain.Worktrees.Verdict.Clean, pair.B),
        Verdict.Conflict conflict => new(pair.A, Domain.Worktrees.Verdict.Conflict, pair.B)
        {
            Files = conflict.Files.Take(PairForecast.MostFiles).Select(file => new Domain.Worktrees.ConflictedFile(Canonical(file.Path, pathCase), Word(file.Kind))).ToValueList(),
            Detail = conflict.Files.Count <= PairForecast.MostFiles ? null : $"{conflict.Files.Count} files conflict; the first {PairForecast.MostFiles} are shown.",
        },
        Verdict.Unknown unknown => new(pair.A, Domain.Worktrees.Verdict.Unknown, pair.B) { Detail = Short(unknown.Reason) },
        _ => throw new UnreachableException(),
    };

    private static string Word(ConflictKind kind) => kind switch
    {
        ConflictKind.Content => "content",
        ConflictKind.AddAdd => "add/add",
        ConflictKind.Binary => "binary",
        ConflictKind.Mode => "mode",
        ConflictKind.ModifyDelete => "modify/delete",
        ConflictKind.RenameRename => "rename/rename",
        ConflictKind.RenameDelete => "rename/delete",
        ConflictKind.RenameAdd => "rename/add",
        ConflictKind.FileDirectory => "file/directory",
        ConflictKind.DirectoryRename => "directory rename",
        ConflictKind.Submodule => "submodule",
        _ => "other",
    };

    private static string Canonical(string path, PathCase pathCase) =>
        RepositoryPath.TryRead(path, pathCase, out var read, out _) ? read.Value : Storable(path);

    private static string Short(string text) => Storable(text.Length <= MostDetail ? text : text[..MostDetail]);

    // A name that is no text, or holds what no text may, is shown with marks in its place.
    private static string Storable(string text) => Domain.Storable.IsText(text)
        ? text
        : string.Create(text.Length, text, (shown, given) =>
        {
            for (var i = 0; i < given.Length; i++)
            {
                shown[i] = char.IsSurrogate(given[i]) || given[i] == '\0' ? '\uFFFD' : given[i];
            }
        });
}
