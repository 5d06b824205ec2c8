using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Rows;

/// <summary>What a task's row holds beside its columns; columns are not repeated, because each claim rewrites all of it.</summary>
internal sealed record TaskPayload
{
    /// <summary>Of this shape. A newer node reads all older ones.</summary>
    public int V { get; init; } = 1;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Caps { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Manual { get; init; }

    public int MaxAttempts { get; init; }

    public string? Meant { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Detail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Dependency> Deps { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempt { get; init; }

    public int? Percent { get; init; }

    public Claim? Claim { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FencingToken Token { get; init; }

    public AgentId? Agent { get; init; }

    public Cost? Cost { get; init; }

    public Outcome? Outcome { get; init; }

    public string? Reason { get; init; }

    public Inquiry? Inquiry { get; init; }

    public Review? Review { get; init; }

    public Checks? Checks { get; init; }

    public Routing? Routed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<AgentId> Watchers { get; init; }

    public string? SourceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Hash { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TaskFields Local { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Held { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Pooled { get; init; }

    public long Version { get; init; }

    public static byte[] Write(TaskFacts facts) => JsonSerializer.SerializeToUtf8Bytes(
        new TaskPayload
        {
            Caps = facts.Spec.RequiredCapabilities,
            Manual = facts.Spec.ManualAssignment,
            MaxAttempts = facts.Spec.MaxAttempts,
            Meant = facts.Spec.Assignee,
            Detail = facts.HasDetail,
            Deps = facts.DependsOn,
            Attempt = facts.Attempt,
            Percent = facts.Percent,
            Claim = facts.Claim,
            Token = facts.LastToken,
            Agent = facts.LastAgent,
            Cost = ReferenceEquals(facts.Cost, Cost.None) ? null : facts.Cost,
            Outcome = facts.Outcome,
            Reason = facts.Reason,
            Inquiry = facts.Inquiry,
            Review = facts.Review,
            Checks = facts.Checks,
            Routed = facts.Routed,
            Watchers = facts.Watchers,
            SourceId = facts.Source?.Id,
            Hash = facts.SourceHash,
            Local = facts.Local,
            Held = facts.HeldAtCancel,
            Pooled = facts.HoldsResources,
            Version = facts.Version,
        },
        TaskRegistryJson.Default.TaskPayload);

    public static TaskPayload Read(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, TaskRegistryJson.Default.TaskPayload)
            ?? throw new JsonException($"The payload of {row.Key} is null.");
}

/// <summary>The cold part of a task.</summary>
/// <param name="V">Of this shape.</param>
/// <param name="Detail">All of it.</param>
internal sealed record DetailPayload(int V, TaskDetail Detail)
{
    public static byte[] Write(TaskDetail detail) =>
        JsonSerializer.SerializeToUtf8Bytes(new(1, detail), TaskRegistryJson.Default.DetailPayload);

    public static TaskDetail Read(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, TaskRegistryJson.Default.DetailPayload)?.Detail
            ?? throw new JsonException($"The payload of {row.Key} is null.");
}
