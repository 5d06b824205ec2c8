using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>Values with every field set.</summary>
internal static class Examples
{
    public static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TaskId Task => new("01KDWYX3000000000000000001");

    public static TaskId OtherTask => new("01KDWYX3000000000000000002");

    public static EpicId Epic => new("01KDWYX300000000000000000E");

    public static Cost Cost => new()
    {
        ActualTokens = 1_200,
        ActualUsd = 0.25m,
        DurationMs = 90_000,
        LlmCalls = 7,
        ToolInvocations = 3,
    };

    public static Evidence Evidence => new()
    {
        Files = ["a.cs"],
        FilesCreated = ["b.cs"],
        FilesModified = ["c.cs"],
        DurationMs = 90_000,
        Hours = 0.5m,
        Summary = "Parser and its tests",
        Commits = ["3f2a91c"],
    };

    public static EpicSpec EpicSpec => new()
    {
        Title = "A parser, 书写",
        Description = "All of it.\nAnd its tests.",
        Tags = ["parser", "core"],
        Priority = Priority.P1,
        Budget = new(1_000, 2.5m),
        CreatedBy = "ada",
        WorkflowId = "w-1",
        UserProfileId = "u-1",
        ResultSummary = "It parses.",
        Metadata = new("{\"origin\":\"talk\"}"),
    };

    public static EpicView EpicView => new()
    {
        Id = Epic,
        Project = "apollo",
        Spec = EpicSpec,
        Status = EpicStatus.Active,
        Counts = new(1, 2, 3, 4, 5, 6, 7),
        Cost = Cost,
        BudgetExhausted = true,
        Reason = "Not needed.",
        Version = 3,
        CreatedAt = At,
        UpdatedAt = At,
        StartedAt = At,
        EndedAt = At,
    };

    public static TaskSpec Spec => new()
    {
        Title = "Schreibe den Parser, 书写解析器 🦊",
        EpicId = Epic,
        Type = "feature",
        Tags = ["parser", "core"],
        Priority = Priority.P1,
        RequiredCapabilities = ["backend"],
        ManualAssignment = true,
        MaxAttempts = 5,
        Assignee = "ada",
        Detail = new()
        {
            Description = "Reads what was written.\nAll of it.",
            AcceptanceCriteria = ["It parses", "It is fast"],
            Files = ["src/**/*.cs"],
            Requirements = new("{\"cpu\":2}"),
            Metadata = new("{\"origin\":\"talk\"}"),
            Reviewer = new("grace"),
            RequiredEvidence = ["files"],
            References = ["https://example.org/1"],
            Notes = [new(At, new("ada"), "Begin here")],
            Deadline = At.AddDays(7),
            EstimatedCost = Cost,
            WorkflowId = "w-1",
            WorkflowSlug = "ship",
            WorkflowSource = "flows/ship.yaml",
            ExecutionId = "run-7",
        },
    };
}
