namespace AgentCluster.Domain.Tasks;

/// <summary>A question that only a human can answer, and the answer; the last one of a task is kept.</summary>
/// <param name="Question">1 to 4,000 characters; null for a task that was imported as waiting.</param>
/// <param name="AskedAt">UTC; null where nobody asked here.</param>
/// <param name="Answer">1 to 4,000 characters; null while it waits.</param>
/// <param name="AnsweredAt">UTC.</param>
/// <param name="AnsweredBy">The agent whose handle came with the answer; null under local trust.</param>
public sealed record Inquiry(
    string? Question = null,
    DateTimeOffset? AskedAt = null,
    string? Answer = null,
    DateTimeOffset? AnsweredAt = null,
    AgentId? AnsweredBy = null);
