namespace AgentCluster.Client.Tasks;

/// <summary>What is sent along to claim the next task.</summary>
internal sealed record ClaimNextBody(string? Agent, string? Project, IReadOnlyList<string>? Capabilities, int? LeaseSeconds);

/// <summary>What is sent along to claim a task.</summary>
internal sealed record ClaimBody(string Agent, int? LeaseSeconds);

/// <summary>What is sent along with progress.</summary>
internal sealed record ProgressBody(long Token, int? Percent, string? Note, CostInfo? Cost);

/// <summary>What is sent along to complete a task.</summary>
internal sealed record CompleteBody(long Token, string ResultSummary, CostInfo? Cost, ClaimNextBody? ClaimNext);

/// <summary>What is sent along to end a claim without completion.</summary>
internal sealed record EndBody(long Token, string? Reason, bool? Retryable);

/// <summary>What is sent along to ask a human.</summary>
internal sealed record AskBody(long Token, string Question);

/// <summary>What is sent along to answer.</summary>
internal sealed record AnswerBody(string Answer);

/// <summary>What is sent along to cancel.</summary>
internal sealed record CancelBody(string? Reason);

/// <summary>What is sent along to review.</summary>
internal sealed record ReviewBody(string Agent, bool Accept, IReadOnlyList<string>? Reasons);

/// <summary>Several tasks, all or none.</summary>
internal sealed record BatchBody(IReadOnlyList<TaskDraft> Tasks);
