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
    public Folding? Take(StoredEvent happened)
    {
        var channels = happened.Channels.AsSpan();
        if (!channels.StartsWith(Channel))
        {
            return null;
        }

        // An event is about one task, which its channels name first.
        var end = channels.IndexOf('\n');
        var task = channels[Channel.Length..(end < 0 ? channels.Length : end)];
        var id = string.Create(CultureInfo.InvariantCulture, $"{task}#{happened.Shard:D5}.{happened.Sequence:D19}");
        return new([], [], rows => rows.Put(ProjectionTables.TaskHistory, id, happened, Write));
    }

    private static (IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload) Write(StoredEvent happened) =>
        ([RowValue.Of(happened.Shard), RowValue.Of(happened.Sequence)], default);
}
