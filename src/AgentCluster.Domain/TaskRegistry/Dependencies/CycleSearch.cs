namespace AgentCluster.Domain.TaskRegistry.Dependencies;

/// <summary>Looks for the cycle that a new dependency would close.</summary>
/// <param name="dependenciesOf">What a task depends on, tasks of the same command included; empty for one that has ended or is unknown.</param>
internal sealed class CycleSearch(Func<TaskId, IEnumerable<TaskId>> dependenciesOf)
{
    /// <summary>The cycle that closes when <paramref name="dependant"/> depends on <paramref name="on"/>; empty when none does.</summary>
    /// <returns>Each depends on the one after it, the last on the first; the dependant first.</returns>
    public ValueList<TaskId> ClosedBy(TaskId dependant, TaskId on)
    {
        if (dependant == on)
        {
            return [dependant];
        }

        // Depth first without recursion: a chain may be as long as there are tasks.
        Dictionary<TaskId, TaskId> reachedFrom = new() { [on] = dependant };
        Stack<TaskId> toVisit = new([on]);
        while (toVisit.TryPop(out var task))
        {
            foreach (var next in dependenciesOf(task))
            {
                if (next == dependant)
                {
                    return Path(dependant, task, reachedFrom);
                }

                if (reachedFrom.TryAdd(next, task))
                {
                    toVisit.Push(next);
                }
            }
        }

        return [];
    }

    /// <summary>A cycle that goes through one of these tasks; empty when there is none. Visits each edge once.</summary>
    public ValueList<TaskId> Among(IEnumerable<TaskId> tasks)
    {
        HashSet<TaskId> cleared = [];
        foreach (var start in tasks)
        {
            List<TaskId> path = [];
            HashSet<TaskId> onPath = [];
            Stack<IEnumerator<TaskId>> branches = [];
            Enter(start);
            while (branches.TryPeek(out var branch))
            {
                if (!branch.MoveNext())
                {
                    branches.Pop();
                    onPath.Remove(path[^1]);
                    path.RemoveAt(path.Count - 1);
                }
                else if (onPath.Contains(branch.Current))
                {
                    return path[path.IndexOf(branch.Current)..].ToValueList();
                }
                else
                {
                    Enter(branch.Current);
                }
            }

            void Enter(TaskId task)
            {
                if (cleared.Add(task))
                {
                    path.Add(task);
                    onPath.Add(task);
                    branches.Push(dependenciesOf(task).GetEnumerator());
                }
            }
        }

        return [];
    }

    private static ValueList<TaskId> Path(TaskId dependant, TaskId last, Dictionary<TaskId, TaskId> reachedFrom)
    {
        List<TaskId> path = [];
        for (var task = last; task != dependant; task = reachedFrom[task])
        {
            path.Add(task);
        }

        path.Add(dependant);
        path.Reverse();
        return path.ToValueList();
    }
}
