namespace AgentCluster.Client.Calls;

/// <summary>How a write is sent.</summary>
/// <param name="IdempotencyKey">Names it, so that the same call made again, after a crash of the caller too, does nothing twice.</param>
public sealed record WriteOptions(string IdempotencyKey);
