using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.Queries;

/// <summary>Reads what is known of repositories from committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class RepositoryQueries(IRowReader rows)
{
    private const int MostWorktrees = 2_000;

    /// <summary>Every worktree that lies somewhere on a machine, by repository and name: what whoever watches working copies watches.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>At most 2,000, without what was seen in them.</returns>
    public async ValueTask<IReadOnlyList<(string Repository, Worktree Worktree)>> WorktreesAsync(CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(DetectorTables.Worktree) { Where = [new("path", RowTest.NotNull)], Limit = MostWorktrees }, cancellationToken);
        return [.. page.Rows.Select(WorktreeRow.Read)];
    }
}
