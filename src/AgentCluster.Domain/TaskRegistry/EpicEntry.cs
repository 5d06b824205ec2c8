using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>An epic in memory.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Task">The task that the same imported row became.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
internal sealed record EpicEntry(
    EpicId Id, TaskId Task, string Title, EpicStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static RowKey Key(EpicId epic) => new(TaskRegistryTables.Epic.Name, epic.Value);

    public Row Write(ActorId owner) => new(
        Key(Id),
        owner,
        [
            RowValue.Of(owner.Name),
            RowValue.Of(Title),
            RowValue.Of(Status.Word()),
            RowValue.Of(Status.IsOpen()),
            RowValue.Of(CreatedAt),
            RowValue.Of(UpdatedAt),
        ],
        JsonSerializer.SerializeToUtf8Bytes(new(1, Task), TaskRegistryJson.Default.EpicPayload));

    public static EpicEntry Read(Row row)
    {
        var payload = JsonSerializer.Deserialize(row.Payload.Span, TaskRegistryJson.Default.EpicPayload)!;
        return new(
            new(row.Key.Id),
            payload.Task,
            row.Columns[1].Text!,
            EpicStatuses.Parse(row.Columns[2].Text!),
            RowValue.Moment(row.Columns[4].Number!.Value),
            RowValue.Moment(row.Columns[5].Number!.Value));
    }
}
