using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>A task as a row, and back.</summary>
internal static class TaskRow
{
    // The columns' places, in the order of the table.
    private const int EpicIdAt = 1, TitleAt = 2, StatusAt = 3, PriorityAt = 4, TypeAt = 5, TagsAt = 6, SourceAt = 10,
        OrdinalAt = 11, CreatedAtAt = 12, UpdatedAtAt = 13;

    public static RowKey Key(TaskId task) => new(TaskRegistryTables.Task.Name, task.Value);

    public static RowKey DetailKey(TaskId task) => new(TaskRegistryTables.Detail.Name, task.Value);

    public static Row Write(TaskFacts facts, ActorId owner)
    {
        var spec = facts.Spec;
        RowValue[] columns =
        [
            RowValue.Of(owner.Name),
            RowValue.Of(spec.EpicId?.Value),
            RowValue.Of(spec.Title),
            RowValue.Of(facts.Shown.Word()),
            RowValue.Of((long)spec.Priority),
            RowValue.Of(spec.Type),
            RowValue.Of(Lines.Join(spec.Tags)),
            RowValue.Of((facts.Claim?.Agent ?? facts.LastAgentIfEnded)?.Value ?? spec.Assignee),
            RowValue.Of(TokenOf(facts)),
            RowValue.Of(facts.IsOpen),
            RowValue.Of(facts.Source?.Name),
            RowValue.Of(facts.Ordinal),
            RowValue.Of(facts.CreatedAt),
            RowValue.Of(facts.UpdatedAt),
        ];
        return new(Key(facts.Id), owner, columns, TaskPayload.Write(facts));
    }

    /// <summary>The row of the cold part; null when there is none.</summary>
    public static Row? WriteDetail(TaskEntry task, ActorId owner) => task.Detail is { } detail
        ? new(DetailKey(task.Id), owner, [RowValue.Of(owner.Name)], DetailPayload.Write(detail))
        : null;

    public static TaskFacts Read(Row row)
    {
        var columns = row.Columns;
        var payload = TaskPayload.Read(row);
        var status = WorkStatuses.TryParse(columns[StatusAt].Text!, out var shown)
            ? shown
            : throw new FormatException($"{row.Key} has status '{columns[StatusAt]}', which this version does not know.");
        return new()
        {
            Id = new(row.Key.Id),
            Spec = new()
            {
                Title = columns[TitleAt].Text!,
                EpicId = columns[EpicIdAt].Text is { } epic ? new EpicId(epic) : null,
                Type = columns[TypeAt].Text,
                Tags = Lines.Split(columns[TagsAt].Text),
                Priority = (Priority)columns[PriorityAt].Number!.Value,
                RequiredCapabilities = payload.Caps,
                ManualAssignment = payload.Manual,
                MaxAttempts = payload.MaxAttempts,
                Assignee = payload.Meant,
            },
            HasDetail = payload.Detail,
            Status = status == WorkStatus.Blocked ? WorkStatus.Pending : status,
            DependsOn = payload.Deps,
            Attempt = payload.Attempt,
            Percent = payload.Percent,
            Claim = payload.Claim,
            LastToken = payload.Token,
            LastAgent = payload.Agent,
            Cost = payload.Cost ?? Cost.None,
            Outcome = payload.Outcome,
            Reason = payload.Reason,
            Inquiry = payload.Inquiry,
            Review = payload.Review,
            Checks = payload.Checks,
            Routed = payload.Routed,
            Watchers = payload.Watchers,
            Source = columns[SourceAt].Text is { } source ? new(source, payload.SourceId!) : null,
            SourceHash = payload.Hash,
            Local = payload.Local,
            HeldAtCancel = payload.Held,
            HoldsResources = payload.Pooled,
            Ordinal = columns[OrdinalAt].Number!.Value,
            Version = payload.Version,
            CreatedAt = RowValue.Moment(columns[CreatedAtAt].Number!.Value),
            UpdatedAt = RowValue.Moment(columns[UpdatedAtAt].Number!.Value),
        };
    }

    // A claim that a cancel ended stays visible: its holder's next heartbeat shows that it was cancelled.
    private static long? TokenOf(TaskFacts facts) =>
        facts.Claim?.Token.Value
        ?? (facts.HeldAtCancel ? facts.LastToken.Value : null);
}
