using AgentCluster.Bridge.Caches;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Epics;

/// <summary>Knows the project of each epic: where its registry lives. An epic never moves, so an entry is true for ever.</summary>
/// <param name="queries">Asked for an epic that is not in the cache.</param>
/// <param name="clock">Unused by entries that never expire.</param>
internal sealed class EpicHomes(EpicQueries queries, TimeProvider clock)
{
    private const int Generation = 10_000;

    private readonly Recent<string, string> _known = new(Generation, lifetime: null, clock);

    /// <summary>The project of an epic; null when there is no such epic.</summary>
    /// <param name="epic">Which.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<string?> FindAsync(string epic, CancellationToken cancellationToken)
    {
        if (_known.TryGet(epic, out var project))
        {
            return project;
        }

        var found = await queries.ProjectOfAsync(new EpicId(epic), cancellationToken);
        if (found is not null)
        {
            Learn(epic, found);
        }

        return found;
    }

    /// <summary>Takes note of an epic that came by.</summary>
    /// <param name="epic">Which.</param>
    /// <param name="project">Its project.</param>
    public void Learn(string epic, string project)
    {
        if (!_known.TryGet(epic, out _))
        {
            _known.Put(epic, project);
        }
    }
}
