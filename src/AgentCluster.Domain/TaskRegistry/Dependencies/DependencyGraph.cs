using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Dependencies;

/// <summary>
/// Who depends on whom, among the open tasks: everything that can close a cycle or become ready lies in memory. An edge
/// is kept by id, so a task that is named before it exists is found by those that named it.
/// </summary>
internal sealed class DependencyGraph
{
    private readonly Dictionary<TaskId, HashSet<TaskEntry>> _dependants = [];

    /// <summary>The open tasks that depend directly on a task.</summary>
    public IReadOnlyCollection<TaskEntry> DependantsOf(TaskId task) =>
        _dependants.TryGetValue(task, out var dependants) ? dependants : [];

    public void Add(TaskEntry dependant)
    {
        foreach (var dependency in dependant.Facts.DependsOn)
        {
            if (!_dependants.TryGetValue(dependency.On, out var dependants))
            {
                dependants = [];
                _dependants.Add(dependency.On, dependants);
            }

            dependants.Add(dependant);
        }
    }

    public void Remove(TaskEntry dependant)
    {
        foreach (var dependency in dependant.Facts.DependsOn)
        {
            if (_dependants.TryGetValue(dependency.On, out var dependants)
                && dependants.Remove(dependant)
                && dependants.Count == 0)
            {
                _dependants.Remove(dependency.On);
            }
        }
    }

    /// <summary>How a task looks to those that depend on it.</summary>
    public static DependencyState StateOf(WorkStatus status) => status switch
    {
        WorkStatus.Completed or WorkStatus.Deleted => DependencyState.Satisfied,
        WorkStatus.Failed => DependencyState.Failed,
        WorkStatus.Cancelled => DependencyState.Cancelled,
        _ => DependencyState.Open,
    };
}
