namespace AgentCluster.Domain.TaskRegistry.Ready;

/// <summary>
/// The tasks that claim-next may hand out, in order: priority, the epic with the fewest running tasks (tasks without an
/// epic are one group), most direct open dependants, age.
/// </summary>
/// <remarks>
/// Two levels of trees: tasks within a group of one epic, groups within a level. A change of an epic's running tasks moves
/// its groups, not their tasks; tasks that need capabilities lie apart, so those that an agent cannot do are not visited.
/// A paused epic's groups are kept, but in no order: claim-next does not visit them. Everything is O(log n).
/// </remarks>
internal sealed class ReadyQueue
{
    private readonly Dictionary<string, ReadyPartition> _partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<EpicId, EpicLoad> _epics = [];

    /// <summary>Puts a ready task in.</summary>
    public void Offer(TaskEntry task, int dependants)
    {
        var facts = task.Facts;
        var partition = PartitionOf(facts.Spec.RequiredCapabilities);
        var level = partition.Levels[(int)facts.Spec.Priority];
        var epic = LoadOf(facts.Spec.EpicId ?? default);
        if (!level.Groups.TryGetValue(epic.Id, out var group))
        {
            group = new(level, epic);
            level.Groups.Add(epic.Id, group);
            epic.Groups.Add(group);
        }

        task.Place = new(partition, group, ReadyKey.Of(facts, dependants));
        group.Add(new(task.Place.Key, task));
        partition.Count++;
        partition.Paused += epic.IsPaused ? 1 : 0;
    }

    /// <summary>Takes a task out; does nothing when it is not in.</summary>
    public void Withdraw(TaskEntry task)
    {
        if (task.Place is not { } place)
        {
            return;
        }

        task.Place = null;
        place.Partition.Count--;
        place.Partition.Paused -= place.Group.Epic.IsPaused ? 1 : 0;
        place.Group.Remove(new(place.Key, task));
        if (place.Group.IsEmpty)
        {
            place.Group.Level.Groups.Remove(place.Group.Epic.Id);
            place.Group.Epic.Groups.Remove(place.Group);
            Drop(place.Group.Epic);
        }

        if (place.Partition is { Count: 0, Key.Length: > 0 })
        {
            _partitions.Remove(place.Partition.Key);
        }
    }

    /// <summary>A task of this epic, or of none, begins to run.</summary>
    public void Started(EpicId? epic) => Run(LoadOf(epic ?? default), 1);

    /// <summary>A task of this epic, or of none, does not run any more.</summary>
    public void Stopped(EpicId? epic) => Run(LoadOf(epic ?? default), -1);

    /// <summary>From here on tasks of this epic are handed out, or not. Costs as much as the epic has groups, whatever the number of its tasks.</summary>
    public void Pause(EpicId epic, bool isPaused)
    {
        if (isPaused == IsPaused(epic))
        {
            return;
        }

        var load = LoadOf(epic);
        load.IsPaused = isPaused;
        foreach (var group in load.Groups)
        {
            group.Rerank();
            group.Level.Partition.Paused += isPaused ? group.Count : -group.Count;
        }

        Drop(load);
    }

    /// <summary>Whether tasks of this epic are not handed out.</summary>
    public bool IsPaused(EpicId epic) => _epics.TryGetValue(epic, out var load) && load.IsPaused;

    /// <summary>How many tasks of this epic, or of none, run.</summary>
    public int RunningOf(EpicId? epic) => _epics.TryGetValue(epic ?? default, out var load) ? load.Running : 0;

    /// <summary>The best task for an agent, and its rank; null when there is none.</summary>
    /// <param name="capabilities">What the agent can do; null for nothing.</param>
    /// <param name="relieved">An epic that is ranked as if one task less were running; null for none. <c>default</c> means tasks without an epic.</param>
    /// <param name="without">An epic that is about to be paused; null for none. With it, <paramref name="relieved"/> does not count: it is the same.</param>
    public (TaskEntry Task, ReadyRank Rank)? Best(
        IReadOnlySet<string>? capabilities, EpicId? relieved = null, EpicId? without = null)
    {
        RankedGroup? best = null;
        foreach (var partition in _partitions.Values)
        {
            if (partition.Available > 0
                && partition.IsFor(capabilities)
                && partition.Best(relieved, without) is { } candidate
                && (best is not { } other || candidate.Rank.CompareTo(other.Rank) < 0))
            {
                best = candidate;
            }
        }

        return best is { } found ? (found.Group.Best.Task, found.Rank) : null;
    }

    /// <summary>How many tasks there are for an agent.</summary>
    /// <param name="isFor">Which partitions count.</param>
    public int Count(Func<ReadyPartition, bool> isFor) => _partitions.Values.Where(isFor).Sum(partition => partition.Available);

    /// <summary>The tasks of some partitions, best first. Lazy: what is not taken costs nothing.</summary>
    /// <param name="isFor">Which partitions count.</param>
    public IEnumerable<TaskEntry> InOrder(Func<ReadyPartition, bool> isFor)
    {
        PriorityQueue<Cursor, ReadyRank> heads = new();
        foreach (var level in _partitions.Values.Where(isFor).SelectMany(partition => partition.Levels))
        {
            Enqueue(heads, level.Ranked.GetEnumerator());
        }

        while (heads.TryDequeue(out var head, out var rank))
        {
            if (head.Groups is { } groups)
            {
                Enqueue(heads, groups.Current.Group.Items.GetEnumerator(), rank);
                Enqueue(heads, groups);
            }
            else
            {
                yield return head.Items!.Current.Task;
                Enqueue(heads, head.Items, rank);
            }
        }
    }

    private static void Enqueue(PriorityQueue<Cursor, ReadyRank> heads, IEnumerator<RankedGroup> groups)
    {
        if (groups.MoveNext())
        {
            heads.Enqueue(new(groups, null), groups.Current.Rank);
        }
    }

    private static void Enqueue(PriorityQueue<Cursor, ReadyRank> heads, IEnumerator<ReadyItem> items, ReadyRank rank)
    {
        if (items.MoveNext())
        {
            heads.Enqueue(new(null, items), rank with { Key = items.Current.Key });
        }
    }

    private void Run(EpicLoad epic, int change)
    {
        epic.Running += change;
        foreach (var group in epic.Groups)
        {
            group.Rerank();
        }

        Drop(epic);
    }

    private EpicLoad LoadOf(EpicId epic)
    {
        if (!_epics.TryGetValue(epic, out var load))
        {
            load = new(epic);
            _epics.Add(epic, load);
        }

        return load;
    }

    private void Drop(EpicLoad epic)
    {
        if (epic is { Running: 0, Groups.Count: 0, IsPaused: false })
        {
            _epics.Remove(epic.Id);
        }
    }

    private ReadyPartition PartitionOf(ValueList<string> required)
    {
        string[] sorted = required.IsEmpty ? [] : [.. required.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var key = required.IsEmpty ? "" : string.Join('\n', sorted);
        if (!_partitions.TryGetValue(key, out var partition))
        {
            partition = new(key, sorted);
            _partitions.Add(key, partition);
        }

        return partition;
    }

    /// <summary>A place in one of the lists that are merged: groups not begun, or a begun group's tasks.</summary>
    private readonly record struct Cursor(IEnumerator<RankedGroup>? Groups, IEnumerator<ReadyItem>? Items);
}
