using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>What an epic's row holds beside its columns.</summary>
internal sealed record EpicPayload
{
    /// <summary>Of this shape. A newer node reads all older ones: version 1 had nothing but the task.</summary>
    public int V { get; init; } = 2;

    public TaskId? Task { get; init; }

    public Priority Priority { get; init; } = Priority.P2;

    public Budget? Budget { get; init; }

    public string? By { get; init; }

    public string? Workflow { get; init; }

    public string? Profile { get; init; }

    public string? Result { get; init; }

    public RawJson? Metadata { get; init; }

    public string? Reason { get; init; }

    public Cost? Cost { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OwnStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OwnTitle { get; init; }

    public long Version { get; init; } = 1;

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public static byte[] Write(EpicFacts facts) => JsonSerializer.SerializeToUtf8Bytes(
        new EpicPayload
        {
            Task = facts.Task,
            Priority = facts.Spec.Priority,
            Budget = facts.Spec.Budget,
            By = facts.Spec.CreatedBy,
            Workflow = facts.Spec.WorkflowId,
            Profile = facts.Spec.UserProfileId,
            Result = facts.Spec.ResultSummary,
            Metadata = facts.Spec.Metadata,
            Reason = facts.Reason,
            Cost = facts.Cost == Cost.None ? null : facts.Cost,
            OwnStatus = facts.HasOwnStatus,
            OwnTitle = facts.HasOwnTitle,
            Version = facts.Version,
            Started = facts.StartedAt,
            Ended = facts.EndedAt,
        },
        TaskRegistryJson.Default.EpicPayload);

    public static EpicPayload Read(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, TaskRegistryJson.Default.EpicPayload)
            ?? throw new JsonException($"The payload of {row.Key} is null.");
}
