using AgentCluster.Actors;
using AgentCluster.Bridge.Caches;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Knows the project of each task: where its registry lives. A task never moves, so an entry is true for ever.</summary>
/// <param name="queries">Asked for a task that is not in the cache.</param>
/// <param name="clock">Unused by entries that never expire.</param>
internal sealed class Homes(TaskQueries queries, TimeProvider clock)
{
    private const int Generation = 100_000;

    private readonly Recent<string, string> _known = new(Generation, lifetime: null, clock);

    /// <summary>The project of a task; null when there is no such task.</summary>
    /// <param name="task">Which.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<string?> FindAsync(string task, CancellationToken cancellationToken)
    {
        if (_known.TryGet(task, out var project))
        {
            return project;
        }

        var found = await queries.ProjectOfAsync(new TaskId(task), cancellationToken);
        if (found is not null)
        {
            _known.Put(task, found);
        }

        return found;
    }

    /// <summary>A task as its registry has it now; null when there is no such task.</summary>
    /// <param name="actors">Asks the registry.</param>
    /// <param name="task">Which.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<TaskView?> ReadAsync(IActorClient actors, TaskId task, CancellationToken cancellationToken) =>
        await FindAsync(task.Value, cancellationToken) is { } project
            && await actors.AskAsync(Kinds.RegistryOf(project), new TaskRegistryCommand.ReadTask(task), id: null, CancellationToken.None) is TaskReply.Found found
            ? found.Task
            : null;

    /// <summary>Takes note of a task that came by.</summary>
    /// <param name="task">Which.</param>
    /// <param name="project">Its project.</param>
    public void Learn(string task, string project)
    {
        if (!_known.TryGet(task, out _))
        {
            _known.Put(task, project);
        }
    }
}
