using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>An epic as a row, and back.</summary>
internal static class EpicRow
{
    // The columns' places, in the order of the table.
    private const int TitleAt = 1, WordsAt = 2, TagsAt = 3, StatusAt = 4, TotalAt = 6, CompletedAt = 7, FailedAt = 8,
        CancelledAt = 9, CreatedAtAt = 10, UpdatedAtAt = 11;

    public static RowKey Key(EpicId epic) => new(TaskRegistryTables.Epic.Name, epic.Value);

    public static Row Write(EpicEntry epic, ActorId owner)
    {
        var (facts, counts) = (epic.Facts, epic.Counts);
        RowValue[] columns =
        [
            RowValue.Of(owner.Name),
            RowValue.Of(facts.Spec.Title),
            RowValue.Of(facts.Spec.Description is { } description ? $"{facts.Spec.Title}\n{description}" : facts.Spec.Title),
            RowValue.Of(Lines.Join(facts.Spec.Tags)),
            RowValue.Of(facts.Status.Word()),
            RowValue.Of(epic.IsOpen),
            RowValue.Of((long)counts.Total),
            RowValue.Of((long)counts.Completed),
            RowValue.Of((long)counts.Failed),
            RowValue.Of((long)counts.Cancelled),
            RowValue.Of(facts.CreatedAt),
            RowValue.Of(facts.UpdatedAt),
        ];
        return new(Key(facts.Id), owner, columns, EpicPayload.Write(facts));
    }

    public static EpicFacts ReadFacts(Row row)
    {
        var payload = EpicPayload.Read(row);
        var (title, words) = (row.Columns[TitleAt].Text!, row.Columns[WordsAt].Text!);
        return new()
        {
            Id = new(row.Key.Id),
            Task = payload.Task,
            Spec = new()
            {
                Title = title,
                Description = words.Length > title.Length ? words[(title.Length + 1)..] : null,
                Tags = Lines.Split(row.Columns[TagsAt].Text),
                Priority = payload.Priority,
                Budget = payload.Budget,
                CreatedBy = payload.By,
                WorkflowId = payload.Workflow,
                UserProfileId = payload.Profile,
                ResultSummary = payload.Result,
                Metadata = payload.Metadata,
            },
            Status = EpicStatuses.Parse(row.Columns[StatusAt].Text!),
            Reason = payload.Reason,
            Cost = payload.Cost ?? Cost.None,
            HasOwnStatus = payload.OwnStatus,
            HasOwnTitle = payload.OwnTitle,
            Version = payload.Version,
            CreatedAt = RowValue.Moment(row.Columns[CreatedAtAt].Number!.Value),
            UpdatedAt = RowValue.Moment(row.Columns[UpdatedAtAt].Number!.Value),
            StartedAt = payload.Started,
            EndedAt = payload.Ended,
        };
    }

    /// <summary>The tasks that have ended; those that are open are counted as they come to memory.</summary>
    public static EpicCounts ReadEnded(Row row) =>
        new(0, 0, 0, 0, Number(row, CompletedAt), Number(row, FailedAt), Number(row, CancelledAt));

    /// <summary>All tasks, the open ones as one number: where they stand is known to the registry only.</summary>
    public static EpicCounts ReadAll(Row row)
    {
        var ended = ReadEnded(row);
        return ended with { Pending = Number(row, TotalAt) - ended.Total };
    }

    private static int Number(Row row, int column) => (int)row.Columns[column].Number!.Value;
}
