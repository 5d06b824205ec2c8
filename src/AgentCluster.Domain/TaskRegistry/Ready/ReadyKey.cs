using AgentCluster.Actors;

namespace AgentCluster.Domain.TaskRegistry.Ready;

/// <summary>
/// The order of ready tasks of one priority within one epic: most direct open dependants, then age. The ordinal is
/// unique, so the order is total without looking at ids.
/// </summary>
/// <param name="Dependants">Open tasks that depend directly on it.</param>
/// <param name="CreatedAt">Microseconds, as in rows: a recovered queue has the same order.</param>
/// <param name="Ordinal">Order of creation.</param>
internal readonly record struct ReadyKey(int Dependants, long CreatedAt, long Ordinal) : IComparable<ReadyKey>
{
    public static ReadyKey Of(TaskFacts facts, int dependants) =>
        new(dependants, RowValue.Micros(facts.CreatedAt), facts.Ordinal);

    public int CompareTo(ReadyKey other) =>
        Dependants != other.Dependants ? other.Dependants.CompareTo(Dependants)
        : CreatedAt != other.CreatedAt ? CreatedAt.CompareTo(other.CreatedAt)
        : Ordinal.CompareTo(other.Ordinal);
}

/// <summary>The order of ready tasks over all epics: priority, the epic with the fewest running tasks, then the key.</summary>
/// <param name="Priority">0 to 4.</param>
/// <param name="Running">Running tasks of its epic.</param>
/// <param name="Key">The rest.</param>
internal readonly record struct ReadyRank(int Priority, int Running, ReadyKey Key) : IComparable<ReadyRank>
{
    public static ReadyRank Of(TaskFacts facts, int running, int dependants) =>
        new((int)facts.Spec.Priority, running, ReadyKey.Of(facts, dependants));

    public int CompareTo(ReadyRank other) =>
        Priority != other.Priority ? Priority.CompareTo(other.Priority)
        : Running != other.Running ? Running.CompareTo(other.Running)
        : Key.CompareTo(other.Key);
}

/// <summary>Where a task lies in the queue.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Group">Its group.</param>
/// <param name="Key">Its key there.</param>
internal sealed record ReadyPlace(ReadyPartition Partition, ReadyGroup Group, ReadyKey Key);
