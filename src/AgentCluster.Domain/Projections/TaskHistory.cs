using System.Globalization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Projections;

/// <summary>The index of each task's events. A task stays in one registry, so their places sort as they happened.</summary>
public sealed class TaskHistory : IProjection
{
    private const string Channel = "task:";

    /// <summary>The ids of a task's rows lie between these, neither of them one.</summary>
    /// <param name="task">The task.</param>
    public static (string After, string Before) Range(TaskId task) => ($"{task}#", $"{task}$");

    /// <inheritdoc/>
    public IEnumerable<RowKey> Reads(StoredEvent happened) => [];

    /// <inheritdoc/>
    public void Fold(StoredEvent happened, IProjectedRows rows)
    {
        foreach (var line in happened.Channels.Split('\n'))
        {
            if (line.StartsWith(Channel, StringComparison.Ordinal))
            {
                rows.Put(
                    ProjectionTables.TaskHistory,
                    string.Create(CultureInfo.InvariantCulture, $"{line[Channel.Length..]}#{happened.Shard:D5}.{happened.Sequence:D19}"),
                    [RowValue.Of(happened.Shard), RowValue.Of(happened.Sequence)],
                    default);
            }
        }
    }
}
