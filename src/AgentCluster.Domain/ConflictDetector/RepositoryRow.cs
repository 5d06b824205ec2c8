using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Repositories;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>A repository as a row.</summary>
internal static class RepositoryRow
{
    public static RowKey Key(string repository) => new(DetectorTables.Repository.Name, repository);

    /// <summary>Whether something in it ends by time, so that its detector must run.</summary>
    public static bool IsAwake(Book book) => !book.Worktrees.IsEmpty || !book.Reservations.IsEmpty || !book.Decisions.IsEmpty;

    public static Row Write(string repository, Book book) => new(
        Key(repository),
        Kinds.DetectorOf(repository),
        [RowValue.Of(IsAwake(book))],
        JsonSerializer.SerializeToUtf8Bytes(new(1, book.Case), DetectorJson.Default.RepositoryPayload));
}

/// <summary>What a repository's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Case">Whether names that differ in case are one file.</param>
internal sealed record RepositoryPayload(int V, PathCase Case);
