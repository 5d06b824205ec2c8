namespace AgentCluster.Domain.TaskRegistry.Ready;

/// <summary>The ready tasks of one epic (or of none), one priority and one set of required capabilities.</summary>
internal sealed class ReadyGroup(ReadyLevel level, EpicLoad epic)
{
    private static readonly IComparer<ReadyItem> ByKey =
        Comparer<ReadyItem>.Create(static (a, b) => a.Key.CompareTo(b.Key));

    private readonly SortedSet<ReadyItem> _items = new(ByKey);
    private ReadyRank _rank;

    public ReadyLevel Level { get; } = level;

    public EpicLoad Epic { get; } = epic;

    public IEnumerable<ReadyItem> Items => _items;

    public bool IsEmpty => _items.Count == 0;

    public int Count => _items.Count;

    /// <summary>The best task; the group is not empty.</summary>
    public ReadyItem Best { get; private set; }

    public ReadyRank RankIf(int running) => new(Level.Priority, running, Best.Key);

    public void Add(ReadyItem item)
    {
        var isFirst = IsEmpty;
        _items.Add(item);
        if (isFirst)
        {
            Best = item;
            Enter();
        }
        else if (item.Key.CompareTo(Best.Key) < 0)
        {
            Level.Ranked.Remove(new(_rank, this));
            Best = item;
            Enter();
        }
    }

    public void Remove(ReadyItem item)
    {
        _items.Remove(item);
        if (item.Key != Best.Key)
        {
            return;
        }

        Level.Ranked.Remove(new(_rank, this));
        if (!IsEmpty)
        {
            Best = _items.Min;
            Enter();
        }
    }

    /// <summary>The epic's number of running tasks has changed, or whether it is paused.</summary>
    public void Rerank()
    {
        Level.Ranked.Remove(new(_rank, this));
        Enter();
    }

    /// <summary>A paused epic's groups are in no order: whoever looks for the best does not meet them.</summary>
    private void Enter()
    {
        _rank = RankIf(Epic.Running);
        if (!Epic.IsPaused)
        {
            Level.Ranked.Add(new(_rank, this));
        }
    }
}

/// <summary>A task in a group.</summary>
/// <param name="Key">Held beside the task, so that a search through the tree does not visit each task.</param>
/// <param name="Task">The task.</param>
internal readonly record struct ReadyItem(ReadyKey Key, TaskEntry Task);

/// <summary>A group among those of its level.</summary>
/// <param name="Rank">Of its best task.</param>
/// <param name="Group">The group.</param>
internal readonly record struct RankedGroup(ReadyRank Rank, ReadyGroup Group);

/// <summary>The groups of one priority and one set of required capabilities, best first.</summary>
internal sealed class ReadyLevel(ReadyPartition partition, int priority)
{
    private static readonly IComparer<RankedGroup> ByRank =
        Comparer<RankedGroup>.Create(static (a, b) => a.Rank.CompareTo(b.Rank));

    public ReadyPartition Partition { get; } = partition;

    public int Priority { get; } = priority;

    /// <summary>The groups by epic, also of paused ones; no empty ones.</summary>
    public Dictionary<EpicId, ReadyGroup> Groups { get; } = [];

    /// <summary>Without those of paused epics.</summary>
    public SortedSet<RankedGroup> Ranked { get; } = new(ByRank);
}

/// <summary>How busy an epic is.</summary>
internal sealed class EpicLoad(EpicId id)
{
    public EpicId Id { get; } = id;

    public int Running { get; set; }

    /// <summary>Whether none of its tasks may be handed out.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Its groups in all levels; few, since tasks of one epic need few different sets of capabilities.</summary>
    public List<ReadyGroup> Groups { get; } = [];
}
