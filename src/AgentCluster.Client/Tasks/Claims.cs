namespace AgentCluster.Client.Tasks;

/// <summary>Who holds a task, until when, and what proves it.</summary>
/// <param name="Agent">The holder.</param>
/// <param name="Token">Goes with everything that the holder writes; only the last one is taken.</param>
/// <param name="LeaseExpiresAt">UTC; each sign of progress moves it.</param>
public sealed record ClaimInfo(string Agent, long Token, DateTimeOffset LeaseExpiresAt);

/// <summary>What was spent. Reports are added up.</summary>
/// <param name="ActualTokens">Tokens of language models.</param>
/// <param name="ActualUsd">US dollars.</param>
/// <param name="DurationMs">Milliseconds of work.</param>
/// <param name="LlmCalls">Calls of language models.</param>
/// <param name="ToolInvocations">Calls of tools.</param>
public sealed record CostInfo(long ActualTokens = 0, decimal ActualUsd = 0, long DurationMs = 0, long LlmCalls = 0, long ToolInvocations = 0);

/// <summary>A task that was just claimed.</summary>
/// <param name="Task">The task.</param>
/// <param name="Claim">The claim.</param>
public sealed record Claimed(TaskInfo Task, ClaimInfo Claim);

/// <summary>A task that was completed, and what was claimed in the same turn.</summary>
/// <param name="Task">Completed.</param>
/// <param name="Next">Null when nothing was ready.</param>
public sealed record Completion(TaskInfo Task, Claimed? Next);

/// <summary>What a report of progress brings.</summary>
/// <param name="LeaseExpiresAt">UTC; renewed.</param>
/// <param name="CancelRequested">Whether the work is no longer wanted: stop.</param>
public sealed record Progress(DateTimeOffset LeaseExpiresAt, bool CancelRequested);

/// <summary>A page of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Total">On all pages; null when it was not counted.</param>
public sealed record TaskPage(IReadOnlyList<TaskInfo> Items, long? Total = null);
